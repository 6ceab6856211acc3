package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// File is the configuration file: named contexts, and which of them is used
// when nothing else is said.
type File struct {
	// Path is where it was read from, "" when there is none.
	Path string `yaml:"-"`
	// Current is the context that is used without --context; "" means none.
	Current  string    `yaml:"current"`
	Contexts []Context `yaml:"contexts"`

	// content is what was read, for the places of mistakes.
	content []byte
}

// Context is one deployment by a name, how to reach it, and its guard rails.
type Context struct {
	Name string `yaml:"name"`

	Profile     string `yaml:"profile"`
	Region      string `yaml:"region"`
	EndpointURL string `yaml:"endpoint_url"`

	Stack           string `yaml:"stack"`
	QueueURL        string `yaml:"queue_url"`
	DeadLetterURL   string `yaml:"dlq_url"`
	StateMachineARN string `yaml:"state_machine"`
	Table           string `yaml:"table"`
	TopicARN        string `yaml:"topic"`

	// Production is locked until it is unlocked with a reason, and asks for a
	// typed name before every change.
	Production bool `yaml:"production"`
	// ReadOnly can't be unlocked.
	ReadOnly bool `yaml:"read_only"`
	// UnlockMinutes is how long unlocking lasts; 0 means DefaultUnlock.
	UnlockMinutes int `yaml:"unlock_minutes"`
	// BudgetShare is the part of each API's refill that polling may use, above 0
	// and up to MostBudgetShare; 0 means DefaultBudgetShare.
	BudgetShare float64 `yaml:"budget_share"`
	// Theme is auto, dark or light; "" means auto.
	Theme string `yaml:"theme"`
	// Notify is bell, osc9 or off; "" means bell.
	Notify string `yaml:"notify"`
	// Refresh is the least time between two polls of the same thing, such as 15s;
	// "" leaves the program's own pace, which it never makes faster.
	Refresh string `yaml:"refresh"`
	// JournalDays is how long the journal keeps runs that were closed, with the
	// whole messages in them; 0 means DefaultJournalDays.
	JournalDays int `yaml:"journal_days"`
	// Keys are the operator's own keys, by the name of an action.
	Keys map[string]Keys `yaml:"keys"`
}

// Keys are one key or several.
type Keys []string

// UnmarshalYAML reads x as well as [x, y]. A digit is a key too.
func (k *Keys) UnmarshalYAML(unmarshal func(any) error) error {
	var value any
	if err := unmarshal(&value); err != nil {
		return err
	}
	list, several := value.([]any)
	if !several {
		list = []any{value}
	}
	*k = Keys{}
	for _, one := range list {
		switch one := one.(type) {
		case string, int64, uint64:
			*k = append(*k, fmt.Sprint(one))
		default:
			return errors.New("a key is a text like x, ctrl+k or f5, or a list of them")
		}
	}
	return nil
}

// Guard rails of a production context, and the share of polling.
const (
	DefaultUnlock      = 10 * time.Minute
	mostUnlockMinutes  = 60
	DefaultBudgetShare = 0.10
	MostBudgetShare    = 0.10
)

// For how long the journal keeps what was done to dead letters, in days.
const (
	DefaultJournalDays = 30
	MostJournalDays    = 3650
)

// FilePath is where the configuration file is looked for: ORDEROPS_CONFIG, else
// orderops/config.yaml below XDG_CONFIG_HOME, else below ~/.config. It is ""
// when there is no home directory.
func FilePath(lookup func(name string) (string, bool)) string {
	if path, ok := lookup(EnvironmentConfig); ok && path != "" {
		return path
	}
	return below(lookup, "XDG_CONFIG_HOME", ".config", "config.yaml")
}

// StatePath is where the program keeps a file of its own from one start to the
// next: below XDG_STATE_HOME, else below ~/.local/state.
func StatePath(lookup func(name string) (string, bool), name string) string {
	return below(lookup, "XDG_STATE_HOME", filepath.Join(".local", "state"), name)
}

func below(lookup func(name string) (string, bool), variable, folder, name string) string {
	if base, ok := lookup(variable); ok && filepath.IsAbs(base) {
		return filepath.Join(base, "orderops", name)
	}
	home, ok := lookup("HOME")
	if !ok || home == "" {
		return ""
	}
	return filepath.Join(home, folder, "orderops", name)
}

// ReadFile reads and checks a configuration file. A file that does not exist is
// an empty one, unless it was asked for by name.
func ReadFile(path string, named bool) (File, error) {
	if path == "" {
		return File{}, nil
	}
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return File{}, nil
	}
	if err != nil {
		return File{}, &FileError{Path: path, Reason: "can't be read: " + reasonOf(err), Next: "Check the path, or write one with `orderops config init`."}
	}
	return ParseFile(path, content)
}

func reasonOf(err error) string {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return pathErr.Err.Error()
	}
	return err.Error()
}

// ParseFile checks the content of a configuration file; path is for its errors.
func ParseFile(path string, content []byte) (File, error) {
	file, err := decode(content)
	if err != nil && !errors.Is(err, io.EOF) { // nothing but comments is an empty file
		return File{}, syntaxError(path, err)
	}
	file.Path, file.content = path, content
	if err := file.check(content); err != nil {
		return File{}, err
	}
	return file, nil
}

// decode reads YAML strictly. The library panics on some odd tags; that is a
// mistake in the file as any other.
func decode(content []byte) (file File, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("it is no YAML that can be read")
		}
	}()
	err = yaml.NewDecoder(bytes.NewReader(content), yaml.DisallowUnknownField()).Decode(&file)
	return file, err
}

// check finds the first context that can't be used.
func (f File) check(content []byte) error {
	seen := map[string]bool{}
	for i, c := range f.Contexts {
		field, reason, next := c.wrong()
		if seen[c.Name] {
			field, reason, next = "name", fmt.Sprintf("%q is the name of two contexts", c.Name), "Give each a name of its own."
		}
		if reason != "" {
			line, column := place(content, fmt.Sprintf("$.contexts[%d].%s", i, field), fmt.Sprintf("$.contexts[%d]", i))
			return &FileError{Path: f.Path, Line: line, Column: column, Reason: reason, Next: next}
		}
		seen[c.Name] = true
	}
	if f.Current != "" && !seen[f.Current] {
		line, column := place(content, "$.current")
		return &FileError{Path: f.Path, Line: line, Column: column, Reason: fmt.Sprintf("there is no context %q", f.Current), Next: f.known()}
	}
	return nil
}

// CheckKeys finds the first mistake in the contexts' own keys. Check knows which
// actions there are, and tells which name is wrong, why, and what to do; a reason
// that is "" means that all is well.
func (f File) CheckKeys(check func(keys map[string][]string) (name, reason, next string)) error {
	for i, c := range f.Contexts {
		name, reason, next := check(c.keys())
		if reason == "" {
			continue
		}
		line, column := place(f.content, fmt.Sprintf("$.contexts[%d].keys.'%s'", i, name), fmt.Sprintf("$.contexts[%d].keys", i), fmt.Sprintf("$.contexts[%d]", i))
		return &FileError{Path: f.Path, Line: line, Column: column, Reason: reason, Next: next}
	}
	return nil
}

// keys are the context's own keys as plain texts.
func (c Context) keys() map[string][]string {
	if len(c.Keys) == 0 {
		return nil
	}
	plain := make(map[string][]string, len(c.Keys))
	for name, keys := range c.Keys {
		plain[name] = keys
	}
	return plain
}

// wrong names the first field that can't be used; reason is "" when all can.
func (c Context) wrong() (field, reason, next string) {
	switch {
	case !matches(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$`, c.Name):
		return "name", fmt.Sprintf("%q is no name of a context", c.Name), "Use letters, digits, dots and dashes, such as shop-eu."
	case c.UnlockMinutes < 0 || c.UnlockMinutes > mostUnlockMinutes:
		return "unlock_minutes", fmt.Sprintf("%d is no whole number of minutes up to %d", c.UnlockMinutes, mostUnlockMinutes), "Give one like 10."
	case !(c.BudgetShare >= 0 && c.BudgetShare <= MostBudgetShare): // also refuses NaN
		return "budget_share", fmt.Sprintf("%g is no share up to %g", c.BudgetShare, MostBudgetShare), "Give one like 0.05: more would take from what production needs."
	case c.JournalDays < 0 || c.JournalDays > MostJournalDays:
		return "journal_days", fmt.Sprintf("%d is no whole number of days up to %d", c.JournalDays, MostJournalDays), "Give one like 30."
	case !slices.Contains([]string{"", ThemeAuto, ThemeDark, ThemeLight}, c.Theme):
		return "theme", fmt.Sprintf("%q is no theme", c.Theme), "Choose auto, dark or light."
	case !refreshable(c.Refresh):
		return "refresh", fmt.Sprintf("%q is no time up to %s", c.Refresh, mostRefresh), "Give one like 15s: it is the least time between two polls of the same thing."
	}
	s := Default().in(c)
	if wrong, ok := errors.AsType[*SettingError](s.Validate()); ok {
		return strings.NewReplacer("--", "", "-", "_").Replace(wrong.Setting), wrong.Reason, wrong.Next
	}
	return "", "", ""
}

// Find is the context of a name.
func (f File) Find(name string) (Context, error) {
	for _, c := range f.Contexts {
		if c.Name == name {
			return c, nil
		}
	}
	return Context{}, &SettingError{Setting: "--" + FlagContext, Reason: fmt.Sprintf("%q is no context", name), Next: f.known()}
}

// known says which contexts there are.
func (f File) known() string {
	if len(f.Contexts) == 0 {
		return "There are none: write them into a file with `orderops config init`."
	}
	return "There are " + strings.Join(f.Names(), ", ") + "."
}

// Names are the contexts in the order of the file.
func (f File) Names() []string {
	names := make([]string, len(f.Contexts))
	for i, c := range f.Contexts {
		names[i] = c.Name
	}
	return names
}
