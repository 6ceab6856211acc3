package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"orderops/config/spelling"
)

// strayError is a word where a command is wanted.
type strayError struct {
	word, after string
	// meant is the command that is spelled most like it, "" when none is.
	meant string
}

func (e *strayError) Error() string { return fmt.Sprintf("unknown command %q for %q", e.word, e.after) }

// noStrays takes no arguments: what is no command after a command that has others
// is a mistake, with which nothing may be printed as if it were an answer.
func noStrays(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, one := range cmd.Commands() {
		if one.IsAvailableCommand() {
			names = append(names, one.Name())
		}
	}
	meant := spelling.Nearest(args[0], names...)
	if spelling.Distance(args[0], meant) > len(args[0])/2 {
		meant = ""
	}
	return &strayError{word: args[0], after: cmd.CommandPath(), meant: meant}
}

// firstWord is the first of args that is no flag nor what a flag of every command
// is set to; "" when there is none.
func firstWord(cmd *cobra.Command, args []string) string {
	for i := 0; i < len(args); i++ {
		name, flag := strings.CutPrefix(args[i], "--")
		switch known := cmd.InheritedFlags().Lookup(name); {
		case flag && known != nil && known.NoOptDefVal == "":
			i++ // its value
		case !strings.HasPrefix(args[i], "-"):
			return args[i]
		}
	}
	return ""
}

// inItsWords names the arguments that a command takes, where cobra counts them.
func inItsWords(cmd *cobra.Command, err error) error {
	var wanted, given int
	if n, _ := fmt.Sscanf(err.Error(), "accepts %d arg(s), received %d", &wanted, &given); n != 2 {
		return err
	}
	takes := strings.TrimPrefix(strings.TrimPrefix(cmd.Use, cmd.Name()), " ")
	if given < wanted {
		return fmt.Errorf("%s is missing", takes)
	}
	return fmt.Errorf("%s takes one %s, and got %d arguments", cmd.CommandPath(), takes, given)
}

// isGroup tells that a command only has others.
func isGroup(cmd *cobra.Command) bool { return cmd.HasSubCommands() && cmd.Example == "" }

// group makes a command that only has others tell which.
func group(cmd *cobra.Command) {
	cmd.Args = noStrays
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
}
