package text_test

import (
	"strings"
	"testing"

	"orderops/ui/text"
)

func TestHighlightKeepsGraphemesWhole(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, find, want string }{
		{"one two one", "one", "[one] two [one]"},
		{"none", "x", "none"},
		{"", "x", ""},
		{"all", "all", "[all]"},
		{"ae\u0301b", "e", "a[e\u0301]b"},
		{"ae\u0301b", "\u0301", "a[e\u0301]b"},
		{"日本語", "本", "日[本]語"},
	} {
		hit := func(from, to int) bool {
			for at := range c.in {
				if strings.HasPrefix(c.in[at:], c.find) && at < to && from < at+len(c.find) {
					return true
				}
			}
			return false
		}
		if got := text.Highlight(c.in, hit, func(s string) string { return "[" + s + "]" }); got != c.want {
			t.Errorf("%q in %q: got %q, want %q", c.find, c.in, got, c.want)
		}
	}
}
