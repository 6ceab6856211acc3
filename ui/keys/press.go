package keys

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// special are the keys that no character stands for.
func special() map[string]rune {
	named := map[string]rune{
		"up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight, "home": tea.KeyHome, "end": tea.KeyEnd,
		"pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "tab": tea.KeyTab, "space": tea.KeySpace, "enter": tea.KeyEnter, "esc": tea.KeyEscape,
		"backspace": tea.KeyBackspace, "delete": tea.KeyDelete, "insert": tea.KeyInsert,
	}
	for i := range rune(12) {
		named[fmt.Sprintf("f%d", i+1)] = tea.KeyF1 + i
	}
	return named
}

// Press is the press of a key as it is written: "x", "G", "ctrl+k", "f5".
func Press(text string) (tea.KeyPressMsg, error) {
	var key tea.Key
	rest := text
	for _, m := range []struct {
		prefix string
		mod    tea.KeyMod
	}{{"ctrl+", tea.ModCtrl}, {"alt+", tea.ModAlt}, {"shift+", tea.ModShift}} {
		if after, ok := strings.CutPrefix(rest, m.prefix); ok && after != "" {
			rest, key.Mod = after, key.Mod|m.mod
		}
	}
	r, size := utf8.DecodeRuneInString(rest)
	code, named := special()[rest]
	switch {
	case named:
		key.Code = code
	case size == 0 || size < len(rest) || !unicode.IsPrint(r):
		return tea.KeyPressMsg{}, errors.New("is no key; write one like x, G, ctrl+k, alt+x, space, tab or f5")
	case r == ' ':
		return tea.KeyPressMsg{}, errors.New("is written space")
	case key.Mod == tea.ModShift && unicode.IsLower(r):
		return tea.KeyPressMsg{}, fmt.Errorf("is written %s", strings.ToUpper(rest))
	case key.Mod&tea.ModCtrl != 0 && unicode.IsUpper(r):
		return tea.KeyPressMsg{}, fmt.Errorf("is no key that terminals tell apart; write ctrl+%s", strings.ToLower(rest))
	default:
		if key.Code = r; key.Mod == 0 {
			key.Text = rest
		}
	}
	if msg := tea.KeyPressMsg(key); msg.String() != text {
		return msg, fmt.Errorf("is written %s", msg.String())
	}
	return tea.KeyPressMsg(key), nil
}
