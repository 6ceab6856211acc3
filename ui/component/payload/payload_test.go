package payload_test

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orderops/ui/component/payload"
	"orderops/ui/theme"
)

func view(w, h int) *payload.Payload {
	p := payload.New(theme.New(true, false))
	p.SetSize(w, h)
	return p
}

func press(p *payload.Payload, keys ...string) {
	for _, k := range keys {
		switch k {
		case "right":
			p.Update(tea.KeyPressMsg{Code: tea.KeyRight})
		case "pgdown":
			p.Update(tea.KeyPressMsg{Code: tea.KeyPgDown})
		default:
			p.Update(tea.KeyPressMsg{Code: []rune(k)[0], Text: k})
		}
	}
}

// shown is the picture without styles and the blanks at the ends of its lines.
func shown(p *payload.Payload) string {
	lines := strings.Split(ansi.Strip(p.View()), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ┃")
	}
	return strings.Join(lines, "|")
}

func TestJSONIsIndentedAndWrapped(t *testing.T) {
	t.Parallel()
	p := view(13, 5)
	p.SetJSON(`{"user_id":"Burger_20"}`)
	if got := shown(p); got != `{|  "user_id":| "Burger_20"|}|` {
		t.Errorf("got %q", got)
	}
}

func TestKeysAreToldApart(t *testing.T) {
	t.Parallel()
	th := theme.New(true, true)
	p := payload.New(th)
	p.SetSize(40, 5)
	p.SetJSON(`{"a\"b":"c: d"}`)
	if v := p.View(); !strings.Contains(v, th.Paint(theme.Info, `  "a\"b"`)+`: "c: d"`) {
		t.Errorf("got %q", v)
	}
}

func TestScrolling(t *testing.T) {
	t.Parallel()
	var lines []string
	for i := range 20 {
		lines = append(lines, fmt.Sprint("line ", i))
	}
	for _, c := range []struct{ keys, want string }{
		{"", "line 0|line 1|line 2"},
		{"j", "line 1|line 2|line 3"},
		{"k", "line 0|line 1|line 2"},
		{"pgdown", "line 3|line 4|line 5"},
		{"G", "line 17|line 18|line 19"},
		{"G j", "line 17|line 18|line 19"},
		{"G g", "line 0|line 1|line 2"},
	} {
		p := view(20, 3)
		p.SetLines(lines)
		press(p, strings.Fields(c.keys)...)
		if got := shown(p); got != c.want {
			t.Errorf("%q: got %q, want %q", c.keys, got, c.want)
		}
	}
}

func TestSideways(t *testing.T) {
	t.Parallel()
	p := view(9, 2)
	p.SetLines(strings.Split("0123456789abcdefgh\nx", "\n"))
	if p.Update(tea.KeyPressMsg{Code: tea.KeyRight}) {
		t.Error("right was used though lines are wrapped")
	}
	p.Wrap()
	press(p, "right")
	if got := shown(p); got != "89abcdef|" {
		t.Errorf("got %q", got)
	}
	press(p, "right", "right")
	if got := shown(p); got != "abcdefgh|" {
		t.Errorf("at the end: %q", got)
	}
}

func TestSameTextKeepsThePlace(t *testing.T) {
	t.Parallel()
	p := view(20, 2)
	text := "a\nb\nc\nd\ne"
	p.SetLines(strings.Split(text, "\n"))
	press(p, "j", "j")
	p.SetLines(strings.Split(text, "\n"))
	if got := shown(p); got != "c|d" {
		t.Errorf("the same text: %q", got)
	}
	p.SetLines(strings.Split("z\n"+text, "\n"))
	if got := shown(p); got != "z|a" {
		t.Errorf("another text: %q", got)
	}
}

func TestBytes(t *testing.T) {
	t.Parallel()
	p := view(80, 1)
	p.SetBytes([]byte("\x1bhi"))
	if got := shown(p); !strings.HasPrefix(got, "00000000  1b 68 69") || !strings.HasSuffix(got, ".hi") {
		t.Errorf("got %q", got)
	}
}

func BenchmarkMegabyte(b *testing.B) {
	for name, line := range map[string]string{"lines": strings.Repeat("word ", 20) + "\n", "one line": "word日 "} {
		b.Run(name, func(b *testing.B) {
			p := view(100, 40)
			p.SetLines(strings.Split(strings.Repeat(line, 1<<20/len(line)), "\n"))
			press(p, "G")
			for b.Loop() {
				p.View()
			}
		})
	}
}

// A diff says by signs what its colours repeat; the first line of a value that is
// cut carries the sign, and the rest its colour.
func TestDiff(t *testing.T) {
	t.Parallel()
	th := theme.New(true, true)
	p := payload.New(th)
	p.SetSize(20, 6)
	p.SetDiff([]string{"body", "  a 1", "- b 2", "+ c 3\x1b[2J", "~ d 4 → 5 which is a long one"})
	lines := strings.Split(p.View(), "\n")
	for i, want := range []struct {
		tone theme.Tone
		text string
	}{{theme.Text, "body"}, {theme.Dim, "  a 1"}, {theme.Bad, "- b 2"}, {theme.Good, `+ c 3\x1b[2J`}, {theme.Warn, "~ d 4 → 5 which is "}, {theme.Warn, "a long one"}} {
		if plain := strings.TrimRight(ansi.Strip(lines[i]), " "); plain != strings.TrimRight(want.text, " ") || !strings.HasPrefix(lines[i], th.Open(want.tone)) {
			t.Errorf("line %d: %q, want %q", i, lines[i], want.text)
		}
	}
	p.SetLines([]string{"- b 2"})
	if strings.Contains(p.View(), th.Open(theme.Bad)) {
		t.Error("lines that are no diff are coloured as one")
	}
}
