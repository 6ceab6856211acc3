package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orderops/ui/action"
	"orderops/ui/keys"
)

// Own keys do what they were given, the old ones nothing, and every text that
// tells of a key tells the own one.
func TestOwnKeys(t *testing.T) {
	t.Parallel()
	m := New(t.Context(), Options{Keys: keys.Own{
		"go-orders": {"f2"}, "help": {"f1"}, "dead-letters.inspect": {"ctrl+g"}, "quit": {"Q"}, "refresh": {"f5"},
	}})
	m.Update(tea.WindowSizeMsg{Width: 160, Height: 50})
	press(m, '2')
	if m.open != action.Overview {
		t.Errorf("2 opened %s: it was given away", m.open.Name())
	}
	m.Update(tea.KeyPressMsg{Code: tea.KeyF2})
	if m.open != action.Orders {
		t.Errorf("f2 left %s open", m.open.Name())
	}
	press(m, '4', '?')
	if m.overlay != nil {
		t.Error("? showed the help: it was given away")
	}
	picture := m.picture()
	for _, want := range []string{"f2 Orders", "f1 help", "Q quit"} {
		if !strings.Contains(plain(picture), want) {
			t.Errorf("%q is missing in\n%s", want, plain(picture))
		}
	}
	m.Update(tea.KeyPressMsg{Code: tea.KeyF1})
	if m.overlay == nil {
		t.Fatal("f1 showed no help")
	}
	help := plain(m.picture())
	if !strings.Contains(help, "ctrl+g  ") || strings.Contains(help, " i  inspect") {
		t.Errorf("the help shows other keys:\n%s", help)
	}
	press(m, 'x') // closes it
	if got := m.world.Key("dead-letters.inspect"); got != "ctrl+g" {
		t.Errorf("texts tell of %q", got)
	}
	press(m, ':')
	if palette := plain(m.picture()); !strings.Contains(palette, "ctrl+g") {
		t.Errorf("the palette does not tell the own key:\n%s", palette)
	}
}

// While something is typed, own keys are letters.
func TestOwnKeysAreTyped(t *testing.T) {
	t.Parallel()
	m := New(t.Context(), Options{Keys: keys.Own{"quit": {"Q"}}})
	m.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
	press(m, '5', 'Q')
	if m.leaving || !strings.Contains(plain(m.picture()), `"user_id":"Q"`) {
		t.Errorf("Q was not typed:\n%s", plain(m.picture()))
	}
}

func plain(picture string) string { return ansi.Strip(picture) }
