package cli

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// exitMeanings are the exit codes in words, from 0 on.
func exitMeanings() []string {
	return []string{
		"done; also when the reader of a pipe had enough",
		"failed",
		"mistake in the arguments or in a file",
		"refused: by a guard, or because nobody agreed; nothing was changed",
		"partly done; it is told what",
		"outcome unknown: an answer was lost",
	}
}

func (p *program) man() *cobra.Command {
	return &cobra.Command{
		Use: "man", Short: "Print the manual page", Args: cobra.NoArgs,
		Example: "orderops man | man -l -\n" +
			"orderops man >~/.local/share/man/man1/orderops.1",
		RunE: func(cmd *cobra.Command, _ []string) error {
			p.print("%s", manual(cmd.Root(), p.version()))
			return nil
		},
	}
}

// manual is the manual page in the language of man(7).
func manual(root *cobra.Command, version string) string {
	m := &roff{}
	m.line(".TH ORDEROPS 1 \"\" \"orderops %s\" \"\"", plainRoff(version))
	m.line(".SH NAME\norderops \\- %s", strings.ToLower(root.Short[:1])+plainRoff(root.Short[1:]))
	m.line(".SH SYNOPSIS\n.B orderops\n[\\fIcommand\\fP] [\\fIflag\\fP ...]")
	m.line(".SH DESCRIPTION")
	m.text(root.Long)
	m.examples(root.Example)
	m.line(".SH FLAGS OF EVERY COMMAND")
	m.flags(root.PersistentFlags())
	m.line(".SH FLAGS OF THE DASHBOARD")
	m.flags(root.LocalNonPersistentFlags())
	m.line(".SH COMMANDS")
	for _, cmd := range below(root) {
		if cmd.HasParent() && cmd.IsAvailableCommand() && cmd.Name() != "help" && !isGroup(cmd) {
			m.command(cmd)
		}
	}
	m.line(".SH EXIT STATUS")
	for code, meaning := range exitMeanings() {
		m.line(".TP\n\\fB%d\\fP\n%s", code, plainRoff(meaning))
	}
	m.line(".SH FILES")
	for _, file := range [][2]string{
		{"~/.config/orderops/config.yaml", "contexts; below XDG_CONFIG_HOME where that is set"},
		{"~/.local/state/orderops/audit.jsonl", "every call that changed something; this and what follows below XDG_STATE_HOME where that is set"},
		{"~/.local/state/orderops/journal", "runs over dead letters, with the whole messages"},
	} {
		m.line(".TP\n\\fI%s\\fP\n%s", plainRoff(file[0]), plainRoff(file[1]))
	}
	return m.b.String()
}

// roff writes a page line by line.
type roff struct{ b strings.Builder }

func (m *roff) line(format string, arguments ...any) { fmt.Fprintf(&m.b, format+"\n", arguments...) }

func (m *roff) text(paragraphs string) {
	for paragraph := range strings.SplitSeq(paragraphs, "\n\n") {
		m.line(".PP\n%s", plainRoff(paragraph))
	}
}

func (m *roff) examples(text string) {
	if text != "" {
		m.line(".PP\n.nf\n.RS\n%s\n.RE\n.fi", plainRoff(text))
	}
}

func (m *roff) flags(flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" || f.Name == "version" {
			return
		}
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		m.line(".TP\n\\fB%s\\fP\n%s", plainRoff(name), plainRoff(f.Usage))
	})
}

func (m *roff) command(cmd *cobra.Command) {
	use := strings.TrimSuffix(cmd.CommandPath(), cmd.Name()) + cmd.Use
	m.line(".SS %s", plainRoff(use))
	m.line("%s.", plainRoff(cmd.Short))
	if cmd.Long != "" {
		m.text(cmd.Long)
	}
	m.examples(cmd.Example)
	m.flags(cmd.LocalNonPersistentFlags())
}

// plainRoff shows a text as it is: what roff would make other signs of stays what
// can be copied into a shell, and no line begins a request.
func plainRoff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "~", `\(ti`, "^", `\(ha`, `"`, `\(dq`).Replace(text)
	var b strings.Builder
	for _, r := range text {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\[u%04X]`, r)
		}
	}
	lines := strings.Split(b.String(), "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
