package submit

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
)

func raw(t *testing.T, body string) *Screen {
	t.Helper()
	s := newStage(t, &queue{})
	s.toggleRaw()
	s.Update(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl})
	s.Update(tea.PasteMsg{Content: body})
	return s
}

// A body that was cut is another order than the one that was pasted.
func TestACutBodyIsNotSent(t *testing.T) {
	t.Parallel()
	s := raw(t, strings.Repeat("x", 5000))
	if said, ok := enter(s).(action.Say); !ok || !strings.Contains(said.Text, "904 characters did not fit") {
		t.Errorf("%#v", said)
	}
}

// Going back to the form must not lose what the form has no field for.
func TestTheFormTakesBackOnlyWhatItHolds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body string
		raw  bool
	}{
		"an order":          {`{"data":{"user_id":"U","quantity":"4","restaurant_id":"R"}}`, false},
		"nothing":           {"", false},
		"a further member":  {`{"data":{"user_id":"U","quantity":"4","restaurant_id":"R","note":"x"}}`, true},
		"what no one reads": {"{", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := raw(t, test.body)
			s.toggleRaw()
			if s.raw != test.raw {
				t.Errorf("raw %v, want %v", s.raw, test.raw)
			}
			if s.raw && string(s.body()) != test.body {
				t.Errorf("the body is %q now", s.body())
			}
		})
	}
}
