package input_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"orderops/ui/component/input"
	"orderops/ui/theme"
)

func key(name string) tea.KeyPressMsg {
	special := map[string]tea.KeyPressMsg{
		"left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight}, "home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd},
		"backspace": {Code: tea.KeyBackspace}, "delete": {Code: tea.KeyDelete}, "space": {Code: tea.KeySpace, Text: " "},
		"ctrl+w": {Code: 'w', Mod: tea.ModCtrl}, "ctrl+u": {Code: 'u', Mod: tea.ModCtrl}, "ctrl+left": {Code: tea.KeyLeft, Mod: tea.ModCtrl},
		"ctrl+right": {Code: tea.KeyRight, Mod: tea.ModCtrl}, "ctrl+x": {Code: 'x', Mod: tea.ModCtrl}, "enter": {Code: tea.KeyEnter},
	}
	if k, ok := special[name]; ok {
		return k
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

func TestEditing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ start, keys, want string }{
		{"", "a b", "ab"},
		{"ab", "left x", "axb"},
		{"ab", "home x", "xab"},
		{"ab", "home x end y", "xaby"},
		{"ab", "backspace", "a"},
		{"", "backspace delete left right", ""},
		{"ab", "home delete", "b"},
		{"one two  ", "ctrl+w", "one "},
		{"one two", "ctrl+left x", "one xtwo"},
		{"one two", "home ctrl+right x", "onex two"},
		{"one two", "left ctrl+u", "o"},
		{"日本", "backspace 語", "日語"},
	} {
		in := input.New(c.start)
		for k := range strings.FieldsSeq(c.keys) {
			if !in.Update(key(k)) {
				t.Errorf("%q: %s was not used", c.start, k)
			}
		}
		if got := in.Value(); got != c.want {
			t.Errorf("%q, %s: %q, want %q", c.start, c.keys, got, c.want)
		}
	}
}

func TestOtherKeysAreLeftAlone(t *testing.T) {
	t.Parallel()
	in := input.New("a")
	for _, k := range []string{"enter", "ctrl+x"} {
		if in.Update(key(k)) {
			t.Errorf("%s was used", k)
		}
	}
	if in.Value() != "a" {
		t.Errorf("value %q", in.Value())
	}
}

func TestPasteIsOneLineAndBounded(t *testing.T) {
	t.Parallel()
	in := input.New("")
	in.Update(tea.PasteMsg{Content: "a\r\nb\nc\td\x1b"})
	if got := in.Value(); got != "a b c d\x1b" {
		t.Errorf("value %q", got)
	}
	in.Update(tea.PasteMsg{Content: strings.Repeat("x", 1<<20)})
	if n := len(in.Value()); n != 4096 {
		t.Errorf("%d bytes kept", n)
	}
	if want := 1<<20 + len("a b c d\x1b") - input.Limit; in.Dropped() != want {
		t.Errorf("%d runes are told as dropped, want %d", in.Dropped(), want)
	}
	in.Update(key("ctrl+u"))
	if in.Dropped() != 0 {
		t.Error("an empty line still tells of dropped runes")
	}
}

// However it is edited, the line is exact, safe, and has the cursor on it.
func TestViewIsExact(t *testing.T) {
	t.Parallel()
	th := theme.New(true, true)
	rapid.Check(t, func(t *rapid.T) {
		in := input.New(rapid.String().Draw(t, "value"))
		w := rapid.IntRange(1, 30).Draw(t, "w")
		for range rapid.IntRange(0, 20).Draw(t, "n") {
			in.Update(key(rapid.SampledFrom([]string{"left", "right", "home", "end", "backspace", "x", "日", "\u202e", "ctrl+w"}).Draw(t, "key")))
			line, cursor := in.View(th, w, true)
			if n := ansi.StringWidth(line); n != w || cursor < 0 || cursor >= w {
				t.Fatalf("%q: %d cells of %d, cursor at %d", line, n, w, cursor)
			}
			if strings.ContainsRune(line, '\u202e') {
				t.Fatalf("%q is not clean", line)
			}
		}
	})
}
