package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"orderops/workflow/operation/planfile"
)

// TestCommandsDocument keeps docs/commands.md as the commands are.
func TestCommandsDocument(t *testing.T) {
	t.Parallel()
	p := &program{actions: Actions{Environment: func(string) (string, bool) { return "", false }}}
	root := p.root()
	var b strings.Builder
	b.WriteString("# Commands\n\nMade from the commands of the program by `make golden`. `orderops COMMAND --help` prints the same, `orderops man` a manual page, " +
		"and `orderops completion SHELL` what your shell needs to complete commands, formats, contexts, columns, filters, and live names: of stacks, the newest executions and the journal's runs. " +
		"That asks AWS read-only, for two seconds at most and not again for 15 seconds, and offers nothing where it fails. " +
		"To receive dead letters would count and hide them: offered are those that the last `dlq inspect` or `dlq export` printed, which may be gone.\n\n" +
		"Data goes to the output, everything else to the error stream. A table is for a terminal; without one the default is JSON. " +
		"In a terminal a table is as wide as that: texts are cut, then columns left out, which is told; what goes into a pipe is whole. " +
		"In tables and CSV, control characters are made visible; in JSON they are escaped and nothing is lost. " +
		"In CSV, a cell that a spreadsheet would take for a formula has an apostrophe in front.\n\n" +
		"| exit code | means |\n| --- | --- |\n")
	for code, meaning := range exitMeanings() {
		fmt.Fprintf(&b, "| %d | %s |\n", code, meaning)
	}
	b.WriteString("\n")
	b.WriteString("## Flags of every command\n\n")
	writeFlags(&b, root.PersistentFlags())
	for _, cmd := range below(root) {
		if !isGroup(cmd) && cmd.Runnable() && cmd.Name() != "help" && !strings.Contains(cmd.CommandPath(), "completion") {
			writeCommand(&b, cmd)
		}
	}
	b.WriteString("## Fields\n\nThe member `schema` of each JSON object names its kind and version. Within a version, fields are only added.\n\n")
	writeSheet(&b, executionSheet())
	writeSheet(&b, eventSheet())
	writeSheet(&b, logSheet())
	writeSheet(&b, orderSheet())
	writeSheet(&b, rowSheet())
	writeSheet(&b, letterSheet())
	writeSheet(&b, groupSheet())
	writeSheet(&b, editSheet())
	writeSheet(&b, itemSheet())
	writeSheet(&b, runSheet())
	writeSheet(&b, moveSheet())
	writeSheet(&b, momentSheet())
	writeSheet(&b, consumerSheet())
	writeSheet(&b, recordSheet())
	writeSheet(&b, auditSheet())
	writeSheet(&b, submissionSheet())
	writeSheet(&b, findingSheet())
	writeSheet(&b, contextSheet())
	writeSheet(&b, checkedSheet())
	writePlan(&b)
	compareDocument(t, filepath.Join("..", "..", "docs", "commands.md"), strings.TrimRight(b.String(), "\n")+"\n")
}

func writeCommand(b *strings.Builder, cmd *cobra.Command) {
	use := strings.TrimSuffix(cmd.CommandPath(), cmd.Name()) + cmd.Use
	fmt.Fprintf(b, "## %s\n\n%s.\n\n", cmd.CommandPath(), cmd.Short)
	if use != cmd.CommandPath() {
		fmt.Fprintf(b, "    %s\n\n", use)
	}
	if cmd.Long != "" && cmd.HasParent() {
		fmt.Fprintf(b, "%s\n\n", cmd.Long)
	}
	if cmd.Example != "" {
		fmt.Fprintf(b, "```sh\n%s\n```\n\n", cmd.Example)
	}
	writeFlags(b, cmd.LocalNonPersistentFlags())
}

func writeFlags(b *strings.Builder, flags *pflag.FlagSet) {
	headed := false
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" || f.Name == "version" {
			return
		}
		if !headed {
			b.WriteString("| flag | does |\n| --- | --- |\n")
			headed = true
		}
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		usage := strings.ReplaceAll(f.Usage, "|", "\\|")
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "[]" {
			usage += " (" + f.DefValue + ")"
		}
		fmt.Fprintf(b, "| `%s` | %s |\n", name, usage)
	})
	if headed {
		b.WriteString("\n")
	}
}

func writeSheet[T any](b *strings.Builder, s sheet[T]) {
	fmt.Fprintf(b, "### %s\n\n| field | is |\n| --- | --- |\n", s.name)
	for _, f := range s.fields {
		fmt.Fprintf(b, "| `%s` | %s |\n", f.name, f.help)
	}
	b.WriteString("\n")
}

// writePlan tells of the file of a saved plan.
func writePlan(b *strings.Builder) {
	fmt.Fprintf(b, "### %s\n\nA saved plan is one JSON document, in a file that only its owner may read. It holds ids, digests and verdicts, no credentials, and no message bodies "+
		"but those of an edit. The reader refuses what it does not know, another version, and a plan of another account, region, stack or queue. Whoever can write the file can "+
		"change the plan: nothing in it is believed, all is looked at again, and production is unlocked and names are typed by whoever applies it.\n\n"+
		"| field | is |\n| --- | --- |\n", planfile.Schema)
	for _, f := range planfile.Fields() {
		fmt.Fprintf(b, "| `%s` | %s |\n", f.Name, f.Help)
	}
	b.WriteString("\n")
}

func compareDocument(t *testing.T, path, got string) {
	t.Helper()
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// TestFieldsAreNamedOnce: no kind of record has two fields of one name, and each
// says what it is.
func TestFieldsAreNamedOnce(t *testing.T) {
	t.Parallel()
	once(t, executionSheet())
	once(t, eventSheet())
	once(t, logSheet())
	once(t, orderSheet())
	once(t, rowSheet())
	once(t, letterSheet())
	once(t, groupSheet())
	once(t, editSheet())
	once(t, itemSheet())
	once(t, runSheet())
	once(t, moveSheet())
	once(t, momentSheet())
	once(t, consumerSheet())
	once(t, recordSheet())
	once(t, auditSheet())
	once(t, submissionSheet())
	once(t, findingSheet())
	once(t, contextSheet())
	once(t, checkedSheet())
}

func once[T any](t *testing.T, s sheet[T]) {
	t.Helper()
	seen := map[string]bool{"schema": true}
	for _, f := range s.fields {
		if seen[f.name] || f.help == "" {
			t.Errorf("%s: the field %q is there twice, or says nothing", s.name, f.name)
		}
		seen[f.name] = true
	}
}
