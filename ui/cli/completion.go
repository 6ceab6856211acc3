package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"orderops/config"
	"orderops/ui/text"
)

// offered marks a flag with the words that the shell offers for it.
const offered = "orderops_offered"

// offer tells what may stand behind a flag.
func offer(flags *pflag.FlagSet, name string, words []string) {
	_ = flags.SetAnnotation(name, offered, words) // the flag is there
}

func offeredFor(cmd *cobra.Command, flag string) []string {
	f := cmd.Flags().Lookup(flag)
	if f == nil {
		return nil
	}
	return f.Annotations[offered]
}

// completer gives what may stand at a place, of which some was typed already.
type completer = func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective)

// completing tells the shell what may stand behind commands and flags. There is
// no place for an error: what can't be found is not offered.
func (p *program) completing(root *cobra.Command) {
	shared := map[string]completer{
		config.FlagContext: from(func(*cobra.Command) []string { return p.contextNames() }),
		config.FlagStack:   from(p.stackNames),
		config.FlagTheme:   words(config.ThemeAuto, config.ThemeDark, config.ThemeLight),
		config.FlagNotify:  words("bell", "osc9", "off"),
	}
	for name, complete := range shared {
		_ = root.RegisterFlagCompletionFunc(name, complete) // the flag is there
	}
	for _, cmd := range below(root) {
		p.completeFlags(cmd)
		if complete := p.argument(cmd.Use); complete != nil {
			cmd.ValidArgsFunction = complete
		}
	}
}

func (p *program) completeFlags(cmd *cobra.Command) {
	if formats := formatsOf(cmd); len(formats) > 0 {
		_ = cmd.RegisterFlagCompletionFunc("output", words(formats...)) // the flag is there
	}
	for name, complete := range map[string]completer{
		"columns": lastOf(","),
		"sort":    from(func(cmd *cobra.Command) []string { return offeredFor(cmd, "sort") }),
		"filter":  completeFilter,
	} {
		if cmd.Flags().Lookup(name) != nil {
			_ = cmd.RegisterFlagCompletionFunc(name, complete) // the flag is there
		}
	}
}

// argument completes what the usage names: EXECUTION, MESSAGE and so on. A
// command with a … takes any number of them.
func (p *program) argument(use string) completer {
	_, what, _ := strings.Cut(use, " ")
	many := strings.Contains(what, "…")
	var names func(*cobra.Command) []string
	switch what = strings.Trim(what, "[]… "); what {
	case "EXECUTION", "ORDER", "ORDER|EXECUTION|USER":
		names = p.executionNames
	case "MESSAGE":
		names = func(*cobra.Command) []string { return p.letterNames() }
	case "RUN":
		names = func(*cobra.Command) []string { return p.runNames() }
	case "CONTEXT":
		names = func(*cobra.Command) []string { return p.contextNames() }
	case "TIER":
		names = func(cmd *cobra.Command) []string { return cmd.ValidArgs }
	default:
		return nil
	}
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 && !many {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		free := names(cmd)
		free = slices.DeleteFunc(free, func(name string) bool {
			name, _, _ = strings.Cut(name, "\t")
			return slices.Contains(args, name)
		})
		return begin(free, typed), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}
}

func words(list ...string) completer {
	return from(func(*cobra.Command) []string { return list })
}

func from(names func(*cobra.Command) []string) completer {
	return func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return begin(names(cmd), typed), cobra.ShellCompDirectiveNoFileComp
	}
}

// begin are the names that begin with what was typed.
func begin(names []string, typed string) []string {
	var list []string
	for _, name := range names {
		if strings.HasPrefix(name, typed) && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// lastOf completes the last of the words between separators. Each is offered once.
func lastOf(separator string) completer {
	return func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		before := typed[:strings.LastIndex(typed, separator)+1]
		chosen := strings.Split(before, separator)
		var list []string
		for _, name := range offeredFor(cmd, "columns") {
			if !slices.Contains(chosen, name) {
				list = append(list, before+name)
			}
		}
		return begin(list, typed), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}

// completeFilter completes the column of the last term, and the values of columns
// that have few.
func completeFilter(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	at := strings.LastIndex(typed, " ") + 1
	if strings.HasPrefix(typed[at:], "!") {
		at++
	}
	before, term := typed[:at], typed[at:]
	var list []string
	if column, _, valued := strings.Cut(term, ":"); valued {
		for _, value := range filterValues(column) {
			list = append(list, before+column+":"+value)
		}
	} else {
		for _, column := range offeredFor(cmd, "filter") {
			list = append(list, before+column+":")
		}
	}
	return begin(list, typed), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// filterValues are the values of columns that have few.
func filterValues(column string) []string {
	switch column {
	case "status":
		return []string{"running", "succeeded", "failed", "timed_out", "aborted", "pending_redrive"}
	case "row":
		return []string{"pending", "success", "failure"}
	case "verdict":
		return []string{"safe", "malformed", "already", "execution", "bounced", "unknown", "readable"}
	case "started", "submitted", "created", "sent":
		return []string{"<1h", "<24h", ">24h"}
	}
	return nil
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
	return plain(names)
}

// plain leaves out what a terminal would not show as it is: the shell prints it.
func plain(names []string) []string {
	return slices.DeleteFunc(names, func(name string) bool {
		name, _, _ = strings.Cut(name, "\t")
		return name == "" || text.Clean(name) != name || strings.ContainsAny(name, " \t")
	})
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

// Flags are the names of a command's own flags, by its path; nil when there is no
// such command.
func Flags(path string) []string {
	p := &program{actions: Actions{Environment: func(string) (string, bool) { return "", false }}}
	var names []string
	for _, cmd := range below(p.root()) {
		if cmd.CommandPath() == path {
			cmd.LocalFlags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		}
	}
	return names
}

// Formats are the formats that a command can print, by its path.
func Formats(path string) []string {
	p := &program{actions: Actions{Environment: func(string) (string, bool) { return "", false }}}
	for _, cmd := range below(p.root()) {
		if cmd.CommandPath() == path {
			return formatsOf(cmd)
		}
	}
	return nil
}

// formatsOf are the formats that a command can print; none when it has no choice.
func formatsOf(cmd *cobra.Command) []string {
	f := cmd.Flags().Lookup("output")
	switch {
	case f == nil:
		return nil
	case strings.Contains(f.Usage, formatCSV):
		return []string{formatTable, formatJSON, formatJSONLines, formatCSV}
	}
	return []string{formatTable, formatJSON}
}
