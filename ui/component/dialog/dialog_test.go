package dialog_test

import (
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orderops/ui/component/dialog"
	"orderops/ui/theme"
)

func key(name string) tea.Msg {
	switch name {
	case "enter":
		return tea.KeyPressMsg{Code: tea.KeyEnter}
	case "esc":
		return tea.KeyPressMsg{Code: tea.KeyEscape}
	case "tab":
		return tea.KeyPressMsg{Code: tea.KeyTab}
	case "shift+tab":
		return tea.KeyPressMsg{Code: tea.KeyTab, Mod: tea.ModShift}
	case "left":
		return tea.KeyPressMsg{Code: tea.KeyLeft}
	case "right":
		return tea.KeyPressMsg{Code: tea.KeyRight}
	case "backspace":
		return tea.KeyPressMsg{Code: tea.KeyBackspace}
	case "down":
		return tea.KeyPressMsg{Code: tea.KeyDown}
	}
	if len([]rune(name)) > 1 {
		return tea.PasteMsg{Content: name}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

func spec(risk dialog.Risk) dialog.Spec {
	return dialog.Spec{
		Title: "Redrive 2 messages", Facts: []dialog.Fact{{Label: "to", Text: "OrderQueue"}}, Risk: risk, Want: "OrderQueue", Action: "redrive",
	}
}

// digits refuses what is not a number.
func digits(s string) error {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return errors.New("must be a whole number")
	}
	return nil
}

func rated(risk dialog.Risk) dialog.Spec {
	s := spec(risk)
	s.Option = &dialog.Option{Label: "rate", Value: "10", Hint: "per second", Check: digits}
	return s
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	notice := dialog.Spec{Title: "done"}
	for _, c := range []struct {
		name string
		spec dialog.Spec
		keys string
		want dialog.Outcome
	}{
		{"nothing yet", spec(dialog.None), "", dialog.Pending},
		{"no risk: enter", spec(dialog.None), "enter", dialog.Confirmed},
		{"no risk: esc", spec(dialog.None), "esc", dialog.Cancelled},
		{"default no: enter", spec(dialog.DefaultNo), "enter", dialog.Cancelled},
		{"default no: chosen by tab", spec(dialog.DefaultNo), "tab enter", dialog.Confirmed},
		{"default no: chosen by arrow", spec(dialog.DefaultNo), "right enter", dialog.Confirmed},
		{"default no: arrow and back", spec(dialog.DefaultNo), "right left enter", dialog.Cancelled},
		{"default no: y", spec(dialog.DefaultNo), "y", dialog.Confirmed},
		{"default no: n", spec(dialog.DefaultNo), "n", dialog.Cancelled},
		{"default no: another letter", spec(dialog.DefaultNo), "x", dialog.Pending},
		{"typed: enter", spec(dialog.Typed), "enter", dialog.Pending},
		{"typed: y is a letter", spec(dialog.Typed), "y enter", dialog.Pending},
		{"typed: y on a button", spec(dialog.Typed), "tab y", dialog.Pending},
		{"typed: the button without the name", spec(dialog.Typed), "tab tab enter", dialog.Pending},
		{"typed: a part of the name", spec(dialog.Typed), "OrderQueu enter", dialog.Pending},
		{"typed: another case", spec(dialog.Typed), "orderqueue enter", dialog.Pending},
		{"typed: the name", spec(dialog.Typed), "OrderQueue enter", dialog.Confirmed},
		{"typed: the name, taken back", spec(dialog.Typed), "OrderQueue backspace enter", dialog.Pending},
		{"typed: cancel", spec(dialog.Typed), "OrderQueue tab enter", dialog.Cancelled},
		{"typed: no name wanted", dialog.Spec{Risk: dialog.Typed, Action: "go"}, "enter", dialog.Pending},
		{"option wrong: y", rated(dialog.DefaultNo), "shift+tab x tab y", dialog.Pending},
		{"option wrong: enter in it", rated(dialog.None), "shift+tab shift+tab x enter", dialog.Pending},
		{"option right: enter in it", rated(dialog.None), "shift+tab shift+tab 0 enter", dialog.Confirmed},
		{"option, default no: enter in it leads to cancel", rated(dialog.DefaultNo), "shift+tab enter enter", dialog.Cancelled},
		{"option, typed: the name", rated(dialog.Typed), "OrderQueue enter", dialog.Confirmed},
		{"notice: enter", notice, "enter", dialog.Confirmed},
		{"notice: esc", notice, "esc", dialog.Cancelled},
	} {
		d := dialog.New(theme.New(true, true), c.spec)
		got := dialog.Pending
		for k := range strings.FieldsSeq(c.keys) {
			if got != dialog.Pending {
				t.Errorf("%s: %v before %s", c.name, got, k)
			}
			got = d.Update(key(k))
		}
		if got != c.want {
			t.Errorf("%s: outcome %v, want %v\n%s", c.name, got, c.want, ansi.Strip(d.View(80, 20)))
		}
	}
}

func TestOptionIsRead(t *testing.T) {
	t.Parallel()
	d := dialog.New(theme.New(true, true), rated(dialog.None))
	for _, k := range []string{"shift+tab", "shift+tab", "backspace", "backspace", " 25 "} {
		d.Update(key(k))
	}
	if got := d.Option(); got != "25" {
		t.Errorf("option %q, want 25", got)
	}
}

func TestPicture(t *testing.T) {
	t.Parallel()
	s := spec(dialog.Typed)
	s.Facts = append(s.Facts, dialog.Fact{Label: "left out", Text: "1 malformed · 1 already processed"})
	s.Warning = "production"
	d := dialog.New(theme.New(true, false), s)
	d.Update(key("Order"))
	want := strings.Join([]string{
		"╭ Redrive 2 messages ──────────────────────────────────────╮",
		"│ to        OrderQueue                                     │",
		"│ left out  1 malformed · 1 already processed              │",
		"│                                                          │",
		"│ ! production                                             │",
		"│                                                          │",
		"│ type OrderQueue to go on Order                OrderQueue │",
		"│                                      cancel    redrive   │",
		"╰──────────────────────────────────────────────────────────╯",
	}, "\n")
	if got := ansi.Strip(d.View(60, 20)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if c := d.Cursor(); c == nil || c.X != 32 || c.Y != 6 {
		t.Errorf("cursor at %+v", c)
	}
}

func TestLongFactsScrollButTheQuestionStays(t *testing.T) {
	t.Parallel()
	s := spec(dialog.DefaultNo)
	for range 50 {
		s.Facts = append(s.Facts, dialog.Fact{Label: "more", Text: "of it"})
	}
	s.Facts = append(s.Facts, dialog.Fact{Label: "last", Text: "fact"})
	d := dialog.New(theme.New(true, true), s)
	if v := ansi.Strip(d.View(60, 12)); !strings.Contains(v, "[ cancel ]") || strings.Contains(v, "last") || !strings.Contains(v, "of 52 lines") {
		t.Errorf("before scrolling\n%s", v)
	}
	for range 60 {
		d.Update(key("down"))
	}
	if v := ansi.Strip(d.View(60, 12)); !strings.Contains(v, "[ cancel ]") || !strings.Contains(v, "last") {
		t.Errorf("after scrolling\n%s", v)
	}
}

// Where not all fits, the warning comes first, and the scroll bar takes no cell
// of what is said.
func TestAWarningIsInSightWhateverTheSize(t *testing.T) {
	t.Parallel()
	s := spec(dialog.DefaultNo)
	s.Warning = "Included although 3 already processed."
	for range 30 {
		s.Facts = append(s.Facts, dialog.Fact{Label: "more", Text: "words that go on to the very edge of the box and beyond it as they do"})
	}
	d := dialog.New(theme.New(true, true), s)
	lines := strings.Split(ansi.Strip(d.View(60, 12)), "\n")
	if !strings.Contains(lines[1], "! Included although 3 already processed.") {
		t.Errorf("the warning is out of sight\n%s", strings.Join(lines, "\n"))
	}
	for _, line := range lines {
		if strings.Contains(line, "…") {
			t.Errorf("cut: %s", line)
		}
	}
	s.Facts = s.Facts[:2]
	roomy := strings.Split(ansi.Strip(dialog.New(theme.New(true, true), s).View(60, 20)), "\n")
	if strings.Contains(roomy[1], "Included") || !strings.Contains(strings.Join(roomy, " "), "Included although 3 already processed.") {
		t.Errorf("where all fits\n%s", strings.Join(roomy, "\n"))
	}
}

// A name that has to be typed shows whole, however long it is.
func TestALongNameToTypeIsNotCut(t *testing.T) {
	t.Parallel()
	s := spec(dialog.Typed)
	s.Ask, s.Want = "type the queue's name", "order-system-OrderDeathLetterQueue-1A2B3C4D5E6F"
	d := dialog.New(theme.New(true, true), s)
	if v := ansi.Strip(d.View(60, 20)); !strings.Contains(v, s.Want) {
		t.Errorf("at first\n%s", v)
	}
	d.Update(key("enter"))
	if v := ansi.Strip(d.View(60, 20)); !strings.Contains(v, "✗ not yet") || !strings.Contains(v, s.Want) {
		t.Errorf("after enter\n%s", v)
	}
	d.Update(key(s.Want))
	if v := ansi.Strip(d.View(60, 20)); !strings.Contains(v, "✓ "+s.Want) || d.Update(key("enter")) != dialog.Confirmed {
		t.Errorf("when it was typed\n%s", v)
	}
}

func TestClickOnAButton(t *testing.T) {
	t.Parallel()
	d := dialog.New(theme.New(true, true), spec(dialog.DefaultNo))
	for y, line := range strings.Split(ansi.Strip(d.View(60, 20)), "\n") {
		if before, _, found := strings.Cut(line, "redrive"); found {
			if got := d.Update(tea.MouseClickMsg{X: ansi.StringWidth(before) + 1, Y: y, Button: tea.MouseLeft}); got != dialog.Confirmed {
				t.Errorf("outcome %v", got)
			}
			return
		}
	}
	t.Error("no button")
}

func TestOverlay(t *testing.T) {
	t.Parallel()
	base := strings.Join([]string{"日本語日本語", "\x1b[31maaaaaaaaaaaa\x1b[m", "日本語日本語"}, "\n")
	for _, c := range []struct{ name, box, want string }{
		{"centre", "[xx]", "日本語日本語\naaaa[xx]aaaa\n日本語日本語"},
		{"through wide letters", "[x]\n[y]\n[z]", "日本[x] 本語\naaaa[y]aaaaa\n日本[z] 本語"},
		{"nothing", "", "日本語日本語\naaaaaaaaaaaa\n日本語日本語"},
	} {
		got := ansi.Strip(dialog.Overlay(base, c.box, 12, 3))
		if got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

func BenchmarkOverlay(b *testing.B) {
	base := strings.TrimSuffix(strings.Repeat(strings.Repeat("\x1b[31mword\x1b[m ", 40)+"\n", 60), "\n")
	d := dialog.New(theme.New(true, true), rated(dialog.Typed))
	box := d.View(200, 60)
	for b.Loop() {
		dialog.Overlay(base, box, 200, 60)
	}
}

// What is to know of a value is never cut: it stands below where it is long.
func TestALongHintStandsBelow(t *testing.T) {
	t.Parallel()
	s := rated(dialog.DefaultNo)
	s.Option.Hint = "a JSON object, whole; nothing at all is started before you agree"
	v := ansi.Strip(dialog.New(theme.New(true, true), s).View(60, 20))
	if !strings.Contains(v, "a JSON object, whole; nothing at all is started before") || !strings.Contains(v, "you agree") {
		t.Errorf("the hint is cut:\n%s", v)
	}
}
