package palette_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orderops/ui/component/palette"
	"orderops/ui/theme"
)

func open() *palette.Palette {
	return palette.New(theme.New(true, false), []palette.Item{
		{ID: "redrive", Title: "Redrive messages", Keys: "R"},
		{ID: "purge", Title: "Purge queue", Disabled: "read-only"},
		{ID: "submit", Title: "Submit order", Keys: "5"},
		{ID: "refresh", Title: "Refresh", Keys: "r"},
	})
}

func selected(p *palette.Palette) string {
	item, _ := p.Selected()
	return item.ID
}

func TestEnterRunsWhatIsHighlighted(t *testing.T) {
	t.Parallel()
	enter, down := tea.KeyPressMsg{Code: tea.KeyEnter}, tea.KeyPressMsg{Code: tea.KeyDown}
	for _, c := range []struct {
		name, query string
		keys        []tea.Msg
		want        string
		outcome     palette.Outcome
	}{
		{"first", "", nil, "redrive", palette.Chosen},
		{"second", "", []tea.Msg{down}, "submit", palette.Chosen},
		{"found", "sub", nil, "submit", palette.Chosen},
		{"second found", "re", []tea.Msg{down}, "", palette.Chosen},
		{"disabled comes last", "", []tea.Msg{down, down, down, down}, "purge", palette.Pending},
		{"nothing found", "zzz", nil, "", palette.Pending},
	} {
		p := open()
		p.Update(tea.PasteMsg{Content: c.query})
		for _, k := range c.keys {
			p.Update(k)
		}
		before := selected(p)
		if got := p.Update(enter); got != c.outcome || selected(p) != before || c.want != "" && before != c.want {
			t.Errorf("%s: %v with %q highlighted", c.name, got, before)
		}
	}
}

func TestEscCancels(t *testing.T) {
	t.Parallel()
	if got := open().Update(tea.KeyPressMsg{Code: tea.KeyEscape}); got != palette.Cancelled {
		t.Errorf("outcome %v", got)
	}
}

func TestPicture(t *testing.T) {
	t.Parallel()
	p := open()
	p.Update(tea.PasteMsg{Content: "u"})
	want := strings.Join([]string{
		"╭ Commands ─────────────── 2 ─╮",
		"│ u                           │",
		"│─────────────────────────────│",
		"│▸ Submit order             5 │",
		"│  Purge queue      read-only │",
		"│                             │",
		"│                             │",
		"╰─────────────────────────────╯",
	}, "\n")
	if got := ansi.Strip(p.View(31, 20)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// The runes that were typed are the ones made strong, also behind wide ones.
func TestMatchedLettersAreMarked(t *testing.T) {
	t.Parallel()
	p := palette.New(theme.New(true, false), []palette.Item{{Title: "z"}, {Title: "日本 xz"}})
	p.Update(tea.PasteMsg{Content: "z"})
	if v := p.View(40, 10); !strings.Contains(v, "日本 x\x1b[1mz\x1b[m") {
		t.Errorf("got %q", v)
	}
}

func TestClick(t *testing.T) {
	t.Parallel()
	p := open()
	p.View(40, 10)
	if got := p.Update(tea.MouseClickMsg{X: 3, Y: 4, Button: tea.MouseLeft}); got != palette.Chosen || selected(p) != "submit" {
		t.Errorf("%v, %q", got, selected(p))
	}
}
