package cli

import (
	"github.com/spf13/cobra"

	"orderops/config"
)

// completing tells the shell what may stand behind flags.
func (p *program) completing(root *cobra.Command) {
	_ = root.RegisterFlagCompletionFunc(config.FlagContext, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return p.contextNames(), cobra.ShellCompDirectiveNoFileComp
	}) // the flag is there
	for _, cmd := range below(root) {
		if cmd.Flags().Lookup("output") != nil {
			_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(
				[]string{formatTable, formatJSON, formatJSONLines, formatCSV}, cobra.ShellCompDirectiveNoFileComp)) // the flag is there
		}
		if cmd.Use == "use CONTEXT" {
			cmd.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
				return p.contextNames(), cobra.ShellCompDirectiveNoFileComp
			}
		}
	}
}

// contextNames are the contexts of the configuration file, none when it can't
// be read: a shell has no place for an error.
func (p *program) contextNames() []string {
	path, err := p.configPath()
	if err != nil {
		return nil
	}
	file, err := config.ReadFile(path, true)
	if err != nil {
		return nil
	}
	names := make([]string, len(file.Contexts))
	for i, c := range file.Contexts {
		names[i] = c.Name
	}
	return names
}

// below are a command and all its subcommands.
func below(cmd *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{cmd}
	for _, child := range cmd.Commands() {
		list = append(list, below(child)...)
	}
	return list
}

// Commands are the paths of all commands, groups included, such as "orderops dlq"
// and "orderops dlq redrive".
func Commands() []string {
	p := &program{actions: Actions{Environment: func(string) (string, bool) { return "", false }}}
	var paths []string
	for _, cmd := range below(p.root()) {
		paths = append(paths, cmd.CommandPath())
	}
	return paths
}
