package main

import (
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"
	"unicode"

	"orderops/ui/termtest/ptytest"
)

// What commands print of hostile text sends nothing to a terminal, whatever the
// format, and JSON stays JSON.
func TestCommandHostileText(t *testing.T) {
	t.Parallel()
	s := serveLocal(t, "127.0.0.1:0", predictable("--wait", "600s")...)
	plant(t, s)
	for _, words := range []string{
		"orders list", "orders show hostile", "orders export", "executions list", "executions show hostile", "executions history hostile", "executions logs hostile",
		"dlq inspect", "trace hostile", "status", "doctor",
	} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			for _, format := range []string{"table", "json", "jsonl", "csv"} {
				got := command(t, append(strings.Fields(words), "--endpoint-url", s.url, "-o", format)...)
				if got.code == 2 && format != "table" {
					continue // it knows no such format
				}
				if len(got.stdout) < 10 {
					t.Errorf("%s: exit code %d, nothing but %q; %s", format, got.code, got.stdout, got.stderr)
				}
				printable(t, got.stdout)
				printable(t, got.stderr)
				if strings.HasPrefix(format, "json") {
					isJSON(t, got.stdout)
				}
			}
		})
	}
}

// printable expects that a terminal obeys nothing of a text but its lines.
func printable(t *testing.T, text string) {
	t.Helper()
	harmless(t, []byte(text))
	if at := strings.IndexFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }); at >= 0 {
		t.Errorf("a control character was printed: %.80q", text[at:])
	}
}

// isJSON expects JSON values and nothing else.
func isJSON(t *testing.T, text string) {
	t.Helper()
	for d := json.NewDecoder(strings.NewReader(text)); ; {
		var value any
		switch err := d.Decode(&value); err {
		case nil:
		case io.EOF:
			return
		default:
			t.Errorf("not JSON: %v in %.200q", err, text)
			return
		}
	}
}

// A table on a terminal is no way in either.
func TestTerminalHostileTable(t *testing.T) {
	t.Parallel()
	s := serveLocal(t, "127.0.0.1:0", predictable("--wait", "600s")...)
	plant(t, s)
	for _, words := range []string{"executions list", "executions show hostile", "dlq inspect", "orders show hostile"} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			p := ptytest.Start(t, ptytest.Options{Cols: 120, Rows: 40, Timeout: patience, Env: hermetic("1")}, os.Args[0],
				append(strings.Fields(words), "--endpoint-url", s.url)...)
			p.WaitExit()
			st := p.State()
			if st.Title != "" || st.Clipboard != "" || len(st.Unknown) > 0 {
				t.Errorf("title %q, clipboard %q, unknown %q", st.Title, st.Clipboard, st.Unknown)
			}
			harmless(t, p.Raw())
			own := strings.NewReplacer("\r\n", "\n", "\r\x1b[K", "") // ends of lines, and of how far it is
			printable(t, own.Replace(styling.ReplaceAllString(string(p.Raw()), "")))
		})
	}
}
