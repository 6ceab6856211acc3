package theme_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"orderops/ui/theme"
)

// all is every tone, found by Open's end.
func all() []theme.Tone {
	var out []theme.Tone
	for tone := theme.Text; tone <= theme.Production; tone++ {
		out = append(out, tone)
	}
	return out
}

func TestStatusGlyphsAreOneCell(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, word := range []string{
		"RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE", "PENDING", "dead letter", "readable", "unheard of",
	} {
		glyph, _ := theme.New(true, true).Status(word)
		if ansi.StringWidth(glyph) != 1 || ansi.StringWidthWc(glyph) != 1 {
			t.Errorf("%s: %q is not one cell", word, glyph)
		}
		if other, dup := seen[glyph]; dup {
			t.Errorf("%s and %s have the same glyph %q", word, other, glyph)
		}
		seen[glyph] = word
	}
}

func TestNoColourMeansNoColour(t *testing.T) {
	t.Parallel()
	colour := regexp.MustCompile(`\x1b\[[0-9;:]*\b(3[0-8]|4[0-8]|9[0-7]|10[0-7])\b`)
	for _, dark := range []bool{true, false} {
		plain, bright := theme.New(dark, false), theme.New(dark, true)
		for _, tone := range all() {
			if s := plain.Paint(tone, "x"); colour.MatchString(s) {
				t.Errorf("tone %d without colour: %q", tone, s)
			}
		}
		if s := bright.Paint(theme.Bad, "x"); !colour.MatchString(s) {
			t.Errorf("Bad with colour: %q", s)
		}
		if plain.Open(theme.Selected) == "" {
			t.Error("the selected row can't be seen without colour")
		}
	}
}

func TestPaintIsTheStyle(t *testing.T) {
	t.Parallel()
	th := theme.New(false, true)
	for _, tone := range all() {
		got := th.Paint(tone, "word")
		if want := th.Style(tone).Render("word"); got != want {
			t.Errorf("tone %d: %q, want %q", tone, got, want)
		}
		if ansi.Strip(got) != "word" || strings.Contains(got, "\n") {
			t.Errorf("tone %d changes the text: %q", tone, got)
		}
	}
	if got := th.Paint(theme.Tone(200), "word"); got != "word" {
		t.Errorf("unknown tone: %q", got)
	}
}

// luminance and contrast are those of WCAG 2.
func TestContrast(t *testing.T) {
	t.Parallel()
	for _, dark := range []bool{true, false} {
		th := theme.New(dark, true)
		paper := 1.0
		if dark {
			paper = luminance(0x1a, 0x1b, 0x26)
		}
		for _, tone := range []theme.Tone{theme.Dim, theme.Accent, theme.Good, theme.Bad, theme.Warn, theme.Info, theme.Key} {
			r, g, b, _ := th.Style(tone).GetForeground().RGBA()
			l := luminance(r>>8, g>>8, b>>8)
			if c := (max(l, paper) + 0.05) / (min(l, paper) + 0.05); c < 4.5 {
				t.Errorf("dark %v: tone %d has a contrast of %.1f", dark, tone, c)
			}
		}
	}
}

func luminance(r, g, b uint32) float64 {
	part := func(v uint32) float64 {
		x := float64(v) / 255
		return x * x * (0.2 + 0.8*x) // close to the sRGB curve
	}
	return 0.2126*part(r) + 0.7152*part(g) + 0.0722*part(b)
}
