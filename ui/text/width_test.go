package text_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"orderops/ui/text"
)

func TestCutAndPad(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, got, want string
	}{
		{"short stays", text.Cut("abc", 3), "abc"},
		{"long is cut", text.Cut("abcdef", 4), "abc…"},
		{"wide is cut whole", text.Cut("日本語", 4), "日…"},
		{"no room", text.Cut("abc", 0), ""},
		{"negative", text.Pad("abc", -3), ""},
		{"pad", text.Pad("ab", 4), "ab  "},
		{"pad cuts", text.Pad("日本語", 4), "日… "},
		{"pad keeps styles", text.Pad("\x1b[1mab\x1b[m", 4), "\x1b[1mab\x1b[m  "},
		{"left", text.PadLeft("42", 5), "   42"},
		{"centre", text.Centre("ab", 5), " ab  "},
		{"middle", text.Middle("7c1e0000-0000-a90f", 9), "7c1e…a90f"},
		{"middle short", text.Middle("7c1e", 9), "7c1e"},
		{"fit", text.Fit("a\x1bb\u202ec", 6), `a\x1b…`},
		{"slice", text.Slice("abcdef", 2, 3), "cde"},
		{"slice past the end", text.Slice("abc", 5, 3), "   "},
		{"slice through wide", text.Slice("日本語", 1, 4), " 本 "},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		w    int
		want string
	}{
		{"", 5, ""},
		{"one two three", 7, "one two|three"},
		{"one two three", 8, "one two|three"},
		{"abcdefgh", 3, "abc|def|gh"},
		{"  indented text", 10, "  indented|text"},
		{" plain", 2, " p|la|in"},
		{"日本語", 4, "日本|語"},
		{"as it is", 0, "as it is"},
	} {
		if got := strings.Join(text.Wrap(c.in, c.w), "|"); got != c.want {
			t.Errorf("Wrap(%q, %d) = %q, want %q", c.in, c.w, got, c.want)
		}
	}
}

func checkFit(t interface{ Fatalf(string, ...any) }, s string, w int) {
	want := max(w, 0)
	clean := text.Clean(s)
	for name, got := range map[string]string{
		"Fit": text.Fit(s, w), "FitLeft": text.FitLeft(s, w), "Pad": text.Pad(clean, w), "PadLeft": text.PadLeft(clean, w),
		"Centre": text.Centre(clean, w), "Slice": text.Slice(clean, 3, w), "Slice 0": text.Slice(clean, 0, w),
		"styled": text.Pad("\x1b[1m"+clean+"\x1b[m", w),
	} {
		if n := ansi.StringWidth(got); n != want {
			t.Fatalf("%s(%q, %d) = %q has %d cells", name, s, w, got, n)
		}
		if n := ansi.StringWidthWc(got); n != want {
			t.Fatalf("%s(%q, %d) = %q has %d cells by rune", name, s, w, got, n)
		}
	}
	if got := text.Cut(clean, w); text.Width(got) > want {
		t.Fatalf("Cut(%q, %d) = %q is too wide", clean, w, got)
	}
	if got := text.Middle(clean, w); text.Width(got) > want {
		t.Fatalf("Middle(%q, %d) = %q is too wide", clean, w, got)
	}
	if w > 1 {
		for _, l := range text.Wrap(clean, w) {
			if text.Width(l) > w {
				t.Fatalf("Wrap(%q, %d) has %q of %d cells", clean, w, l, text.Width(l))
			}
		}
	}
}

func TestWidthsAreExact(t *testing.T) {
	t.Parallel()
	for _, s := range hostile() {
		for w := -1; w < 20; w++ {
			checkFit(t, s, w)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		in := strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.String(), rapid.SampledFrom(hostile())), 0, 6).Draw(t, "parts"), "")
		checkFit(t, in, rapid.IntRange(-2, 120).Draw(t, "w"))
	})
}

// Whatever the width, the pieces make up the text, and each fits.
func TestFitsWraps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := text.Clean(strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.String(), rapid.SampledFrom(hostile())), 1, 6).Draw(t, "parts"), ""))
		w := rapid.IntRange(2, 40).Draw(t, "w")
		rest := s
		for rest != "" {
			n := text.Fits(rest, w)
			if n <= 0 || text.Width(rest[:n]) > w {
				t.Fatalf("%q in %d cells: piece of %d bytes", rest, w, n)
			}
			rest = rest[n:]
		}
	})
}

// A cell of a table costs the same however long its text is.
func BenchmarkFitMegabytes(b *testing.B) {
	s := strings.Repeat("e\u0301\u202e", 1<<20)
	for b.Loop() {
		text.Fit(s, 20)
	}
}
