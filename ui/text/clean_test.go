package text_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"orderops/ui/text"
)

// hostile are texts that do something to a terminal, or to the eye.
func hostile() []string {
	return []string{
		"", "plain", "a\tb", "one\ntwo", "one\r\ntwo", "\x1b[31mred\x1b[m", "\x1b]52;c;aGk=\x07", "\x1bPq\x1b\\", "\u009b31m", "\x9b31m",
		"\u202eevil\u202c", "\u2066iso\u2069", "a\u200bb", "a\u200db", "\ufeffbom", "\xff\xfe", "\xc3", "a\x00b", "\x7f", "Pizza 日本語", "é", "e\u0301",
		"\u0301alone", "👨‍👩‍👧‍👦", "👍🏽", "🇯🇵", "🇯", "❤\ufe0f", "1\ufe0f\u20e3", "한국", "\u1112\u1161\u11ab", "नमस्ते", "a" + strings.Repeat("\u0315", 40),
		"\u00a0", "\u3000", "\u2028", "\u2029", "\U000e0041", "\u00ad", "\u061c", "\u115f", "\ufffd", "\u180e", "\U0001f3fb", "กำ", "\u0e33",
	}
}

func TestCleanMakesVisible(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"Burger_20", "Burger_20"},
		{"a\tb", "a b"},
		{"one\ntwo", "one⏎two"},
		{"one\r\ntwo\rthree", "one⏎two⏎three"},
		{"\x1b[31mred", `\x1b[31mred`},
		{"\x00\x07\x7f", `\x00\x07\x7f`},
		{"\u009b31m", `\u009b31m`},
		{"\x9b31m", `\x9b31m`},
		{"\xffok", `\xffok`},
		{"pay\u202epal", `pay\u202epal`},
		{"a\u200bb", `a\u200bb`},
		{"\ufeffa", `\ufeffa`},
		{"日本語", "日本語"},
		{"e\u0301", "e\u0301"},
		{"\u0301", `\u0301`},
		{"👨\u200d👩", `👨\u200d👩`},
		{"❤\ufe0f", `❤\ufe0f`},
		{"\U000e0041", `\U000e0041`},
		{"\ufffd", "\ufffd"},
	} {
		if got := text.Clean(c.in); got != c.want {
			t.Errorf("Clean(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// safe reports what a terminal could obey or an eye could miss in s.
func safe(s string) (rune, bool) {
	if !utf8.ValidString(s) {
		return utf8.RuneError, false
	}
	for _, r := range s {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) ||
			unicode.Is(unicode.Bidi_Control, r) || unicode.Is(unicode.Variation_Selector, r) {
			return r, false
		}
	}
	return 0, true
}

func checkClean(t interface{ Fatalf(string, ...any) }, in string) {
	got := text.Clean(in)
	if r, ok := safe(got); !ok {
		t.Fatalf("Clean(%q) = %q keeps %U", in, got, r)
	}
	if g, w := ansi.StringWidth(got), ansi.StringWidthWc(got); g != w {
		t.Fatalf("Clean(%q) = %q: %d cells by grapheme, %d by rune", in, got, g, w)
	}
	if in != "" && text.Width(got) == 0 {
		t.Fatalf("Clean(%q) = %q: nothing to see", in, got)
	}
	if again := text.Clean(got); again != got {
		t.Fatalf("Clean(%q) = %q, cleaned again %q", in, got, again)
	}
}

func TestCleanIsSafe(t *testing.T) {
	t.Parallel()
	for _, in := range hostile() {
		checkClean(t, in)
	}
	rapid.Check(t, func(t *rapid.T) {
		in := strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.String(), rapid.SampledFrom(hostile())), 0, 6).Draw(t, "parts"), "")
		checkClean(t, in)
	})
}

func FuzzClean(f *testing.F) {
	for _, s := range hostile() {
		f.Add(s, 7)
	}
	f.Fuzz(func(t *testing.T, s string, w int) {
		checkClean(t, s)
		checkFit(t, s, w%200)
	})
}

func TestLines(t *testing.T) {
	t.Parallel()
	got := strings.Join(text.Lines("a\nb\r\nc\rd\x1b\n"), "|")
	if want := `a|b|c|d\x1b|`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if n := len(text.Lines("")); n != 1 {
		t.Errorf("empty text has %d lines, want 1", n)
	}
}

func BenchmarkCleanASCII(b *testing.B) {
	s := "Burger_20 ordered 3 of Restaurant 4"
	for b.Loop() {
		text.Clean(s)
	}
}

func BenchmarkCleanHostileMegabyte(b *testing.B) {
	s := strings.Repeat("日本\u202e語\x1b[31m e\u0301 ", 1<<20/24)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		text.Clean(s)
	}
}
