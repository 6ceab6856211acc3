package action_test

import (
	"testing"

	"orderops/ui/action"
)

func TestOrder(t *testing.T) {
	t.Parallel()
	for want, words := range map[string][3]string{
		"Burger_20 · 3 × Restaurant 4": {"Burger_20", "3", "Restaurant 4"},
		"3 × Restaurant 4":             {"", "3", "Restaurant 4"},
		"Burger_20":                    {"Burger_20", "", ""},
		"Burger_20 · Restaurant 4":     {"Burger_20", "", "Restaurant 4"},
		"Burger_20 · 3 ×":              {"Burger_20", "3", ""},
		"":                             {},
	} {
		if got := action.Order(words[0], words[1], words[2]); got != want {
			t.Errorf("%q: got %q, want %q", words, got, want)
		}
	}
}
