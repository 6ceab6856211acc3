package keys_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/keys"
)

func TestGlobalKeysDoNotCollide(t *testing.T) {
	t.Parallel()
	if c := keys.Collisions(keys.Global().All()); len(c) > 0 {
		t.Errorf("collisions: %q", c)
	}
}

func TestCollisionsAreFound(t *testing.T) {
	t.Parallel()
	got := keys.Collisions([]keys.Binding{keys.New("up", "k"), keys.New("kill", "x", "k")})
	if len(got) != 1 || got[0] != "k: up, kill" {
		t.Errorf("got %q", got)
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	m := keys.Global()
	for _, c := range []struct {
		name string
		b    keys.Binding
		msg  tea.KeyPressMsg
		want bool
	}{
		{"letter", m.Quit, tea.KeyPressMsg{Code: 'q', Text: "q"}, true},
		{"capital", m.Bottom, tea.KeyPressMsg{Code: 'g', ShiftedCode: 'G', Mod: tea.ModShift, Text: "G"}, true},
		{"not the small letter", m.Bottom, tea.KeyPressMsg{Code: 'g', Text: "g"}, false},
		{"ctrl", m.MarkAll, tea.KeyPressMsg{Code: 'a', Mod: tea.ModCtrl}, true},
		{"space", m.Mark, tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}, true},
		{"question mark", m.Help, tea.KeyPressMsg{Code: '/', ShiftedCode: '?', Mod: tea.ModShift, Text: "?"}, true},
		{"page", m.PageDown, tea.KeyPressMsg{Code: tea.KeyPgDown}, true},
	} {
		if got := c.b.Match(c.msg); got != c.want {
			t.Errorf("%s: %v on %q", c.name, got, c.msg.String())
		}
	}
}

func TestEveryKeyIsExplained(t *testing.T) {
	t.Parallel()
	for _, b := range keys.Global().All() {
		if b.Help == "" || b.Name() == "" || len(b.Keys) == 0 {
			t.Errorf("binding %+v is not explained", b)
		}
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	got := keys.Markdown([]keys.Section{
		{Title: "A", Bindings: []keys.Binding{keys.New("first | top", "g", "|")}},
		{Title: "B", Bindings: []keys.Binding{{Keys: []string{"up"}, Label: "↑ k", Help: "up"}}},
	}, func(section string, _ keys.Binding) string { return strings.TrimPrefix(strings.ToLower(section), "b") })
	want := "## A\n\n| key | does | name |\n| --- | --- | --- |\n| `g` `\\|` | first \\| top | `a` |\n" +
		"\n## B\n\n| key | does | name |\n| --- | --- | --- |\n| `↑ k` | up | |\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
