package form_test

import (
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orderops/ui/component/form"
	"orderops/ui/theme"
)

func required(s string) error {
	if s == "" {
		return errors.New("must not be empty")
	}
	return nil
}

func order() *form.Form {
	f := form.New(theme.New(true, false),
		form.Field{Label: "user", Hint: "who orders", Check: required},
		form.Field{Label: "quantity", Hint: "1 to 999", Value: "3"})
	f.SetSize(40, 6)
	return f
}

func typed(f *form.Form, msgs ...tea.Msg) {
	for _, m := range msgs {
		f.Update(m)
	}
}

func letter(r rune) tea.Msg { return tea.KeyPressMsg{Code: r, Text: string(r)} }

func TestFocusGoesRound(t *testing.T) {
	t.Parallel()
	tab, back := tea.KeyPressMsg{Code: tea.KeyTab}, tea.KeyPressMsg{Code: tea.KeyTab, Mod: tea.ModShift}
	for _, c := range []struct {
		msgs []tea.Msg
		want int
	}{
		{nil, 0},
		{[]tea.Msg{tab}, 1},
		{[]tea.Msg{tab, tab}, 0},
		{[]tea.Msg{back}, 1},
		{[]tea.Msg{tea.KeyPressMsg{Code: tea.KeyDown}, tea.KeyPressMsg{Code: tea.KeyUp}}, 0},
		{[]tea.Msg{tea.MouseClickMsg{X: 3, Y: 2}}, 1},
	} {
		f := order()
		typed(f, c.msgs...)
		if f.Focused() != c.want {
			t.Errorf("%v: field %d, want %d", c.msgs, f.Focused(), c.want)
		}
	}
}

func TestErrorsShowOnceTouched(t *testing.T) {
	t.Parallel()
	f := order()
	if f.Valid() || strings.Contains(f.View(), "must not") {
		t.Errorf("an untouched form complains, or is valid\n%s", f.View())
	}
	typed(f, letter('x'), tea.KeyPressMsg{Code: tea.KeyBackspace})
	if !strings.Contains(ansi.Strip(f.View()), "✗ must not be empty") {
		t.Errorf("no error under the field\n%s", f.View())
	}
	typed(f, letter('x'))
	if !f.Valid() || strings.Contains(f.View(), "must not") {
		t.Errorf("still wrong\n%s", f.View())
	}
	if got := strings.Join(f.Values(), "|"); got != "x|3" {
		t.Errorf("values %s", got)
	}
}

func TestShowErrorsLeadsToTheFirst(t *testing.T) {
	t.Parallel()
	f := order()
	f.Focus(1)
	f.ShowErrors()
	if f.Focused() != 0 || !strings.Contains(f.View(), "must not be empty") {
		t.Errorf("field %d\n%s", f.Focused(), f.View())
	}
}

func TestEnterIsLeftToTheCaller(t *testing.T) {
	t.Parallel()
	if order().Update(tea.KeyPressMsg{Code: tea.KeyEnter}) {
		t.Error("enter was used")
	}
}

func TestCursorFollowsTheField(t *testing.T) {
	t.Parallel()
	f := order()
	typed(f, letter('a'), letter('b'))
	if c := f.Cursor(); c == nil || c.X != 12 || c.Y != 0 {
		t.Errorf("cursor %+v, want 12, 0", c)
	}
	f.SetSize(40, 2)
	f.Focus(1)
	if c := f.Cursor(); c == nil || c.X != 11 || c.Y != 0 {
		t.Errorf("cursor %+v, want 11, 0 after scrolling\n%s", c, f.View())
	}
	f.SetFocused(false)
	if c := f.Cursor(); c != nil {
		t.Errorf("cursor %+v without focus", c)
	}
}
