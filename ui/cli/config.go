package cli

import (
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"orderops/config"
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
	var output string
	show := &cobra.Command{
		Use: "show", Short: "List the contexts", Args: cobra.NoArgs,
		Example: "orderops config show\norderops config show -o json",
	}
	show.RunE = p.plain(func(context.Context, []string) error { return p.showConfig(output) })
	show.Flags().StringVarP(&output, "output", "o", "", "format: table or json; by default table on a terminal, else json")
	cmd.AddCommand(
		&cobra.Command{
			Use: "init", Short: "Write an example, unless there is a file", Args: cobra.NoArgs,
			RunE: p.plain(func(context.Context, []string) error { return p.initConfig() }),
		},
		show,
		&cobra.Command{
			Use: "validate", Short: "Check the file; the place of a mistake is told by line", Args: cobra.NoArgs,
			RunE: p.plain(func(context.Context, []string) error { return p.validateConfig() }),
		},
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

func (p *program) validateConfig() error {
	path, err := p.configPath()
	if err != nil {
		return err
	}
	file, err := config.ReadFile(path, true)
	if err != nil {
		return err
	}
	p.print("%s is good: %d contexts, current %s\n", path, len(file.Contexts), cmp.Or(file.Current, "none"))
	return nil
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

// shownContext is the JSON of a context.
type shownContext struct {
	Name       string `json:"name"`
	Current    bool   `json:"current"`
	Profile    string `json:"profile,omitempty"`
	Region     string `json:"region,omitempty"`
	Endpoint   string `json:"endpoint_url,omitempty"`
	Stack      string `json:"stack,omitempty"`
	Production bool   `json:"production"`
	ReadOnly   bool   `json:"read_only"`
}

func (p *program) showConfig(format string) error {
	if err := checkOutput(format); err != nil {
		return &config.SettingError{Setting: "--output", Reason: err.Error(), Next: "See orderops config show --help"}
	}
	path, err := p.configPath()
	if err != nil {
		return err
	}
	file, err := config.ReadFile(path, true)
	if err != nil {
		return err
	}
	shown := make([]shownContext, len(file.Contexts))
	for i, c := range file.Contexts {
		shown[i] = shownContext{
			Name: c.Name, Current: c.Name == file.Current, Profile: c.Profile, Region: c.Region,
			Endpoint: c.EndpointURL, Stack: c.Stack, Production: c.Production, ReadOnly: c.ReadOnly,
		}
	}
	if p.format(format) == formatJSON {
		return p.printJSON(shown)
	}
	out := p.table([]column{{whole: true}, {name: "name", whole: true}, {name: "profile"}, {name: "region", whole: true}, {name: "stack"}, {name: "guard", whole: true}}, false)
	for _, c := range shown {
		out.add([]string{mark(c.Current), c.Name, c.Profile, c.Region, cmp.Or(c.Stack, c.Endpoint), guardOf(c)})
	}
	out.end()
	return nil
}

func mark(current bool) string {
	if current {
		return "▸"
	}
	return ""
}

func guardOf(c shownContext) string {
	switch {
	case c.ReadOnly:
		return "read-only"
	case c.Production:
		return "production"
	}
	return ""
}
