package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"orderops/config"
	"orderops/ui/keys"
	"orderops/workflow"
)

// config is the command that looks after the configuration file.
func (p *program) config() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Write, show and check the configuration file",
		Long: "Looks after the contexts in the configuration file: deployments by a name, how to reach them, and their guard rails. " +
			"The file is named by --config or ORDEROPS_CONFIG, else it is orderops/config.yaml below XDG_CONFIG_HOME or ~/.config.",
		Args: cobra.NoArgs,
	}
	var shown, checked output
	show := &cobra.Command{
		Use: "show", Short: "List the contexts", Args: cobra.NoArgs,
		Example: "orderops config show\norderops config show -o json\norderops config show --columns name,refresh,keys",
	}
	show.RunE = p.plain(func(context.Context, []string) error { return p.showConfig(shown) })
	shown.add(show.Flags(), nil, contextSheet().names())
	validate := &cobra.Command{
		Use: "validate", Short: "Check the file; the place of a mistake is told by line", Args: cobra.NoArgs,
		Long:    "Checks names, values and own keys of every context. It ends with the code 2 when the file can't be used.",
		Example: "orderops config validate",
		RunE:    p.plain(func(context.Context, []string) error { return p.validateConfig(checked) }),
	}
	checked.add(validate.Flags(), nil, checkedSheet().names())
	cmd.AddCommand(
		&cobra.Command{
			Use: "init", Short: "Write an example, unless there is a file", Args: cobra.NoArgs,
			RunE: p.plain(func(context.Context, []string) error { return p.initConfig() }),
		},
		show,
		validate,
		&cobra.Command{
			Use: "use CONTEXT", Short: "Make a context the one that is used without --context", Args: cobra.ExactArgs(1),
			Example: "orderops config use shop-eu",
			RunE:    p.plain(func(_ context.Context, args []string) error { return p.useContext(args[0]) }),
		},
	)
	return cmd
}

// plain makes a command's function that needs no deployment: it settles nothing,
// and keeps the failure.
func (p *program) plain(run func(ctx context.Context, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		p.failure = run(cmd.Context(), args)
		return nil
	}
}

// configPath is the configuration file that is meant.
func (p *program) configPath() (string, error) {
	path := cmp.Or(p.settings.ConfigFile, config.FilePath(p.actions.Environment))
	if path == "" {
		return "", &workflow.Problem{
			Kind: workflow.Invalid, Operation: "find the configuration file", Reason: "there is no home directory",
			Next: "Set HOME or XDG_CONFIG_HOME, or name the file with --config.",
		}
	}
	return path, nil
}

func (p *program) initConfig() error {
	path, err := p.configPath()
	if err != nil {
		return err
	}
	if err := config.Init(path); err != nil {
		return err
	}
	p.print("wrote %s: edit it, then `orderops config validate`\n", path)
	return nil
}

// checked is what was found in the configuration file.
type checked struct {
	path     string
	file     config.File
	mistake  *config.FileError // nil when it can be used
	contexts int
}

// checkedSheet are the fields of what `config validate` finds.
func checkedSheet() sheet[checked] {
	of := func(value func(e *config.FileError) any) func(checked) any {
		return func(c checked) any {
			if c.mistake == nil {
				return nil
			}
			return value(c.mistake)
		}
	}
	position := func(n int) any {
		if n == 0 {
			return nil
		}
		return n
	}
	return sheet[checked]{name: "configuration/1", fields: []field[checked]{
		{name: "file", help: "the configuration file", value: func(c checked) any { return c.path }},
		{name: "good", help: "whether it can be used", value: func(c checked) any { return c.mistake == nil }},
		{name: "contexts", help: "how many contexts it has", value: func(c checked) any { return c.contexts }},
		{name: "current", help: "the context that is used without --context", value: func(c checked) any { return known(c.file.Current) }},
		{name: "line", help: "where the mistake is; null when there is none, or no place", value: of(func(e *config.FileError) any { return position(e.Line) })},
		{name: "column", help: "″", value: of(func(e *config.FileError) any { return position(e.Column) })},
		{name: "mistake", help: "what is wrong", value: of(func(e *config.FileError) any { return e.Reason })},
		{name: "next", help: "what to do about it", value: of(func(e *config.FileError) any { return e.Next })},
	}}
}

func (p *program) validateConfig(o output) error {
	s := checkedSheet()
	if err := o.check(nil, s.names()); err != nil {
		return err
	}
	path, err := p.configPath()
	if err != nil {
		return err
	}
	file, err := readConfig(path)
	found := checked{path: path, file: file, contexts: len(file.Contexts)}
	if err != nil && !errors.As(err, &found.mistake) {
		return err
	}
	if p.format(o.format) == formatTable && len(o.columns) == 0 {
		if err == nil {
			p.print("%s is good: %d contexts, current %s\n", path, len(file.Contexts), cmp.Or(file.Current, "none"))
		}
		return err
	}
	if printErr := s.one(p, o, found); printErr != nil && err == nil {
		return printErr
	}
	return err
}

// readConfig reads and checks a configuration file, keys included.
func readConfig(path string) (config.File, error) {
	file, err := config.ReadFile(path, true)
	if err != nil {
		return file, err
	}
	return file, file.CheckKeys(checkKeys)
}

// checkKeys tells what is wrong with a context's own keys.
func checkKeys(own map[string][]string) (name, reason, next string) {
	wrong, _ := keys.Own(own).Check()
	return wrong.Name, wrong.Reason, wrong.Next
}

func (p *program) useContext(name string) error {
	path, err := p.configPath()
	if err != nil {
		return err
	}
	if err := config.Use(path, name); err != nil {
		return err
	}
	p.print("%s is used from now on\n", name)
	return nil
}

// shownContext is a context of the configuration file.
type shownContext struct {
	config.Context
	current bool
}

// contextSheet are the fields of a context.
func contextSheet() sheet[shownContext] {
	type c = shownContext
	text := func(name, help string, wide bool, value func(c) string) field[c] {
		return field[c]{name: name, help: help, wide: wide, value: func(x c) any { return known(value(x)) }}
	}
	return sheet[c]{name: "context/1", fields: []field[c]{
		{name: "current", help: "whether it is used without --context", value: func(x c) any { return x.current }},
		{name: "name", help: "its name", value: func(x c) any { return x.Name }},
		text("profile", "profile of the shared AWS configuration", false, func(x c) string { return x.Profile }),
		text("region", "region of the deployment", false, func(x c) string { return x.Region }),
		text("stack", "name of the stack", false, func(x c) string { return x.Stack }),
		{name: "production", help: "locked until it is unlocked with a reason", value: func(x c) any { return x.Production }},
		{name: "read_only", help: "can't be unlocked", value: func(x c) any { return x.ReadOnly }},
		text("endpoint_url", "the endpoint instead of AWS's own", true, func(x c) string { return x.EndpointURL }),
		text("queue_url", "the order queue, instead of the stack's", true, func(x c) string { return x.QueueURL }),
		text("dlq_url", "the dead-letter queue, instead of the stack's", true, func(x c) string { return x.DeadLetterURL }),
		text("state_machine", "the state machine, instead of the stack's", true, func(x c) string { return x.StateMachineARN }),
		text("table", "the orders table, instead of the stack's", true, func(x c) string { return x.Table }),
		text("topic", "the topic, instead of the stack's", true, func(x c) string { return x.TopicARN }),
		{name: "unlock_minutes", help: "how long unlocking lasts", wide: true, value: func(x c) any {
			return cmp.Or(x.UnlockMinutes, int(config.DefaultUnlock.Minutes()))
		}},
		{name: "budget_share", help: "part of each API's refill that polling may use", wide: true, value: func(x c) any {
			return cmp.Or(x.BudgetShare, config.DefaultBudgetShare)
		}},
		{name: "journal_days", help: "how long the journal keeps runs that were closed", wide: true, value: func(x c) any {
			return cmp.Or(x.JournalDays, config.DefaultJournalDays)
		}},
		text("theme", "auto, dark or light", true, func(x c) string { return cmp.Or(x.Theme, config.ThemeAuto) }),
		text("notify", "bell, osc9 or off", true, func(x c) string { return cmp.Or(x.Notify, config.NotifyBell) }),
		text("refresh", "least time between two polls of the same thing; null is the program's own pace", true, func(x c) string { return x.Refresh }),
		{name: "keys", help: "own keys by the name of an action", wide: true, value: func(x c) any {
			if len(x.Keys) == 0 {
				return nil
			}
			encoded, _ := encode(x.Keys) // texts always can be
			return json.RawMessage(encoded)
		}},
	}}
}

func (p *program) showConfig(o output) error {
	s := contextSheet()
	if err := o.check(nil, s.names()); err != nil {
		return err
	}
	path, err := p.configPath()
	if err != nil {
		return err
	}
	file, err := readConfig(path)
	if err != nil {
		return err
	}
	if p.format(o.format) == formatTable && len(o.columns) == 0 {
		out := p.table([]column{
			{whole: true},
			{name: "name", whole: true},
			{name: "profile"},
			{name: "region", whole: true},
			{name: "stack"},
			{name: "guard", whole: true},
			{name: "refresh", whole: true},
			{name: "keys"},
		}, false)
		for _, c := range file.Contexts {
			out.add([]string{mark(c.Name == file.Current), c.Name, c.Profile, c.Region, cmp.Or(c.Stack, c.EndpointURL), guardOf(c), c.Refresh, ownKeys(c)})
		}
		out.end()
		return nil
	}
	out := s.open(p, o, false)
	for _, c := range file.Contexts {
		if err := out.add(shownContext{c, c.Name == file.Current}); err != nil {
			return err
		}
	}
	out.end()
	return nil
}

// ownKeys are a context's own keys in a line.
func ownKeys(c config.Context) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(c.Keys)) {
		all = append(all, name+"="+strings.Join(c.Keys[name], "|"))
	}
	return strings.Join(all, " ")
}

func mark(current bool) string {
	if current {
		return "▸"
	}
	return ""
}

func guardOf(c config.Context) string {
	switch {
	case c.ReadOnly:
		return "read-only"
	case c.Production:
		return "production"
	}
	return ""
}
