package config

import (
	"cmp"
	"time"
)

// How a context notifies.
const (
	NotifyBell = "bell"
	NotifyOSC9 = "osc9"
	NotifyOff  = "off"
)

// The themes of a context.
const (
	ThemeAuto  = "auto"
	ThemeDark  = "dark"
	ThemeLight = "light"
)

// Choice is where settings come from: flags above the environment above the
// chosen context above the defaults. It is kept so that another context can be
// chosen while the program runs.
type Choice struct {
	file File
	// flags are the settings as flags and environment left them.
	flags Settings
}

// Choose settles the settings: it fills from the environment what no flag
// chose, and from the context what neither did. A local start looks at no file.
func Choose(flags Settings, lookup func(name string) (string, bool), chosen func(flag string) bool) (Settings, error) {
	s, err := flags.FromEnvironment(lookup, chosen)
	if err != nil {
		return s, err
	}
	if s.Local {
		if s.Context != "" {
			return s, invalid(FlagContext, "has no meaning with --local, which brings its own deployment", "Leave out one of the two.")
		}
		return s, s.Validate()
	}
	path := cmp.Or(s.ConfigFile, FilePath(lookup))
	_, fromEnvironment := lookup(EnvironmentConfig)
	file, err := ReadFile(path, s.ConfigFile != "" || fromEnvironment)
	if err != nil {
		return s, err
	}
	c := &Choice{file: file, flags: s}
	if name := cmp.Or(s.Context, file.Current); name != "" {
		return c.first(name)
	}
	s.Choice = c
	return s, s.Validate()
}

// Contexts are the names of the contexts that can be chosen.
func (c *Choice) Contexts() []string {
	if c == nil {
		return nil
	}
	return c.file.Names()
}

// CheckKeys is File.CheckKeys of the file that is chosen from.
func (c *Choice) CheckKeys(check func(keys map[string][]string) (name, reason, next string)) error {
	if c == nil {
		return nil
	}
	return c.file.CheckKeys(check)
}

// first are the settings of the context that the program starts in.
func (c *Choice) first(name string) (Settings, error) { return c.settle(name, c.flags) }

// Switch are the settings of another context. The flags and variables that named
// a deployment meant the first one; only the guard rail goes along.
func (c *Choice) Switch(name string) (Settings, error) {
	kept := Default()
	kept.ReadOnly, kept.ConfigFile = c.flags.ReadOnly, c.flags.ConfigFile
	kept.Theme, kept.Notify, kept.Refresh = c.flags.Theme, c.flags.Notify, c.flags.Refresh
	kept.JournalDays = c.flags.JournalDays
	return c.settle(name, kept)
}

func (c *Choice) settle(name string, flags Settings) (Settings, error) {
	found, err := c.file.Find(name)
	if err != nil {
		return Settings{}, err
	}
	s := flags.in(found)
	s.Choice = c
	return s, s.Validate()
}

// in fills what was not chosen from a context. Guard rails only add up: no flag
// and no variable takes one away that a context has.
func (s Settings) in(c Context) Settings {
	s.Context = c.Name
	for _, f := range []struct {
		field *string
		value string
	}{
		{&s.Profile, c.Profile},
		{&s.Region, c.Region},
		{&s.EndpointURL, c.EndpointURL},
		{&s.Stack, c.Stack},
		{&s.QueueURL, c.QueueURL},
		{&s.DeadLetterURL, c.DeadLetterURL},
		{&s.StateMachineARN, c.StateMachineARN},
		{&s.Table, c.Table},
		{&s.TopicARN, c.TopicARN},
		{&s.Theme, c.Theme},
		{&s.Notify, c.Notify},
	} {
		*f.field = cmp.Or(*f.field, f.value)
	}
	s.ReadOnly = s.ReadOnly || c.ReadOnly
	s.Production = c.Production
	s.UnlockFor = cmp.Or(time.Duration(c.UnlockMinutes)*time.Minute, DefaultUnlock)
	s.BudgetShare = cmp.Or(c.BudgetShare, s.BudgetShare)
	refresh, _ := time.ParseDuration(c.Refresh) // checked when the file was read
	s.Refresh, s.Keys = cmp.Or(s.Refresh, refresh), c.keys()
	s.JournalDays = cmp.Or(s.JournalDays, c.JournalDays)
	return s
}
