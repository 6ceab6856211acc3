// Package component_test holds the property that every component keeps: exactly
// the size it was given, and nothing from outside that a terminal would obey.
package component_test

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"orderops/ui/component/dialog"
	"orderops/ui/component/form"
	"orderops/ui/component/graph"
	"orderops/ui/component/help"
	"orderops/ui/component/palette"
	"orderops/ui/component/pane"
	"orderops/ui/component/payload"
	"orderops/ui/component/spark"
	"orderops/ui/component/table"
	"orderops/ui/component/timeline"
	"orderops/ui/component/toast"
	"orderops/ui/keys"
	"orderops/ui/text"
	"orderops/ui/theme"
)

// evil is text of any kind from outside.
func evil() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"", "Burger_20", "\x1b[2J\x1b]0;owned\x07", "\u009b2J", "\u202eevil", "日本語テスト", "👨‍👩‍👧‍👦👍🏽🇯🇵", "e\u0301\u0315\u0315", "\xff\xfe", "a\r\nb\tc", "ำกำ",
		strings.Repeat("long ", 200), strings.Repeat("日", 300), "{\"a\":\"\\u001b[31m\",\"b\":[1,2]}",
	}))
}

// exact fails when s is not h lines of w cells, or holds what is not ours.
func exact(t *rapid.T, what, s string, w, h int) {
	lines := strings.Split(s, "\n")
	if h == 0 && s == "" {
		return
	}
	if len(lines) != h {
		t.Fatalf("%s at %dx%d: %d lines", what, w, h, len(lines))
	}
	for i, l := range lines {
		if g, r := ansi.StringWidth(l), ansi.StringWidthWc(l); g != w || r != w {
			t.Fatalf("%s at %dx%d: line %d is %d cells by grapheme, %d by rune: %q", what, w, h, i, g, r, l)
		}
		for _, c := range withoutStyles(l) {
			if unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || c == unicode.ReplacementChar {
				t.Fatalf("%s at %dx%d: %U reaches the terminal: %q", what, w, h, c, l)
			}
		}
	}
}

// withoutStyles takes away only what the theme writes: ESC [ digits m.
func withoutStyles(s string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, "\x1b[")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		end := strings.IndexFunc(after, func(r rune) bool { return r != ';' && r != ':' && (r < '0' || r > '9') })
		if end < 0 || after[end] != 'm' {
			b.WriteString("\x1b")
			s = after
			continue
		}
		s = after[end+1:]
	}
}

type rows []string

func (r rows) Len() int        { return len(r) }
func (r rows) ID(i int) string { return string(rune('a'+i)) + r[i] }
func (r rows) Find(string) int { return -1 }
func (r rows) Cells(i int, dst []table.Cell) []table.Cell {
	return append(dst, table.Cell{Text: r[i], Tone: theme.Bad}, table.Cell{Text: r[len(r)-1-i]})
}

func TestComponentsAreExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(20, 300).Draw(t, "w"), rapid.IntRange(5, 100).Draw(t, "h")
		th := theme.New(rapid.Bool().Draw(t, "dark"), rapid.Bool().Draw(t, "colour"))
		words := rapid.SliceOfN(evil().Filter(func(s string) bool { return !strings.ContainsRune(s, unicode.ReplacementChar) }), 4, 12).Draw(t, "words")
		now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

		tab := table.New(th, []table.Column{{Title: words[0], Min: 8, Weight: 1}, {Title: "b", Min: 6, Weight: 2, Priority: 1}})
		tab.SetSize(w, h)
		tab.SetRows(rows(words))
		tab.SetSort(0, true)
		tab.Update(tea.KeyPressMsg{Code: 'a', Mod: tea.ModCtrl})
		exact(t, "table", tab.View(), w, h)

		view := payload.New(th)
		view.SetSize(w, h)
		view.SetJSON(strings.Join(words, "\n"))
		exact(t, "payload", view.View(), w, h)
		view.Wrap()
		view.Update(tea.KeyPressMsg{Code: tea.KeyRight})
		exact(t, "payload, not wrapped", view.View(), w, h)

		fm := form.New(th, form.Field{Label: words[0], Hint: words[1], Value: words[2], Check: func(s string) error { return errors.New(s) }}, form.Field{Label: "n", Hint: words[1]})
		fm.SetSize(w, h)
		fm.Update(tea.PasteMsg{Content: words[3]})
		fm.ShowErrors()
		exact(t, "form", fm.View(), w, h)
		if c := fm.Cursor(); c != nil && (c.X < 0 || c.X >= w || c.Y < 0 || c.Y >= h) {
			t.Fatalf("form at %dx%d: cursor at %d, %d", w, h, c.X, c.Y)
		}

		var toasts toast.Toasts
		toasts.Show(toast.Entry{At: now, Level: toast.Error, Text: words[0], Detail: strings.Join(words, "\n")})
		exact(t, "toast", toasts.View(th, now, w), w, 1)
		log := toasts.LogView(th, &pane.Scroll{}, w, h)
		exact(t, "error log", log, w, min(h, strings.Count(log, "\n")+1))

		binding := keys.Binding{Keys: []string{"x"}, Label: words[0], Help: words[1]}
		exact(t, "key line", help.Line(th, append(keys.Global().All(), binding), w), w, 1)
		base := help.View(th, &pane.Scroll{}, words[2], append(keys.Global().Sections(), keys.Section{Title: words[3], Bindings: []keys.Binding{binding}}), w, h)
		exact(t, "help", base, w, min(h, strings.Count(base, "\n")+1))

		chart := timeline.Chart{Rows: []timeline.Row{
			{Label: words[0], Glyph: "✓", Start: now.Add(-time.Minute), End: now, Note: words[1], Retries: []time.Time{now.Add(-time.Second)}},
			{Label: words[2], Start: now, Note: words[3], Expected: now.Add(time.Minute)},
			{Label: "clock behind", Start: now, End: now.Add(-time.Hour)},
			{Label: "long ago", Start: now.Add(-48 * time.Hour), End: now.Add(-47 * time.Hour)},
			{Label: "not begun"},
		}, Gaps: []timeline.Gap{{From: now.Add(-47 * time.Hour), To: now.Add(-time.Minute), Label: words[1]}}, Now: now}
		lines, folds := chart.Lines(th, w)
		exact(t, "timeline", strings.Join(append(lines, folds), "\n"), w, 6)

		tree := payload.NewTree(th)
		tree.SetSize(w, h)
		tree.Set(payload.Document{Name: words[0], Text: `{"a":[{"b":"\u009b\u202e"},2],"` + "k" + `":1}`}, payload.Document{Name: "cause", Text: strings.Join(words, "\n")})
		exact(t, "tree", tree.View(), w, h)
		tree.StartSearch()
		tree.Update(tea.PasteMsg{Content: words[3]})
		exact(t, "searched tree", tree.View(), w, h)

		drawing := graph.New(th)
		drawing.SetSize(w, h)
		drawing.Set(picture(t, words))
		drawing.Move(rapid.IntRange(0, 200).Draw(t, "dx"), rapid.IntRange(0, 100).Draw(t, "dy"))
		exact(t, "graph", drawing.View(), w, h)
		exact(t, "spark", spark.Line([]float64{1, 0, 2, -3, 1e300}, w), w, 1)

		body := make([]string, len(words))
		for i, s := range words {
			body[i] = th.Paint(theme.Warn, text.Clean(s))
		}
		left := pane.Frame(th, words[0], words[1], body, w/2, h, true)
		exact(t, "frame", left, w/2, h)
		exact(t, "columns", pane.Columns(left, pane.Block(body, w-w/2, h)), w, h)

		exact(t, "overlay", dialog.Overlay(base, plan(t, th, words, w, h), w, h), w, h)
		pal := palette.New(th, []palette.Item{{Title: words[0], Keys: words[2]}, {Title: words[3], Disabled: words[2]}})
		pal.Update(tea.PasteMsg{Content: rapid.SampledFrom([]string{"", "e", words[0]}).Draw(t, "query")})
		exact(t, "overlaid palette", dialog.Overlay(base, pal.View(w, h), w, h), w, h)
	})
}

// picture is boxes and lines anywhere, with texts of any kind.
func picture(t *rapid.T, words []string) *graph.Picture {
	p := &graph.Picture{W: rapid.IntRange(0, 400).Draw(t, "pw"), H: rapid.IntRange(0, 200).Draw(t, "ph")}
	for _, word := range words {
		p.Boxes = append(p.Boxes, graph.Box{
			ID: word, Label: word, Glyph: "✓", Note: words[0], Beside: words[1], Heavy: rapid.Bool().Draw(t, "heavy"),
			X: rapid.IntRange(0, 300).Draw(t, "x"), Y: rapid.IntRange(0, 100).Draw(t, "y"),
			W: rapid.IntRange(3, 40).Draw(t, "bw"), H: rapid.IntRange(1, 9).Draw(t, "bh"), Start: true, Frameless: rapid.Bool().Draw(t, "frameless"),
		})
		from := graph.Point{X: rapid.IntRange(0, 300).Draw(t, "fx"), Y: rapid.IntRange(0, 100).Draw(t, "fy")}
		to := graph.Point{X: rapid.IntRange(0, 300).Draw(t, "tx"), Y: rapid.IntRange(0, 100).Draw(t, "ty")}
		p.Lines = append(p.Lines, graph.Line{From: word, Label: word, Points: []graph.Point{from, {X: from.X, Y: to.Y}, to}, Arrow: true, Tone: theme.Dim})
		p.Labels = append(p.Labels, graph.Label{X: from.X, Y: to.Y, W: rapid.IntRange(0, 30).Draw(t, "lw"), Text: word})
	}
	return p
}

// plan is a dialog of the worst kind, checked for its own size.
func plan(t *rapid.T, th *theme.Theme, words []string, w, h int) string {
	d := dialog.New(th, dialog.Spec{
		Title: words[0], Facts: []dialog.Fact{{Label: words[1], Text: words[2]}, {Text: words[3]}, {Label: "to", Text: "OrderQueue"}},
		Warning: words[3], Risk: dialog.Typed, Want: words[2], Ask: words[1], Action: words[0] + "go",
		Option: &dialog.Option{Label: words[3], Value: words[1], Hint: words[2]},
	})
	d.Update(tea.PasteMsg{Content: words[3]})
	box := d.View(w, h)
	bw, bh := ansi.StringWidth(strings.SplitN(box, "\n", 2)[0]), strings.Count(box, "\n")+1
	if bw > w || bh > h {
		t.Fatalf("dialog of %dx%d in %dx%d", bw, bh, w, h)
	}
	exact(t, "dialog", box, bw, bh)
	if c := d.Cursor(); c != nil && (c.X < 0 || c.X >= bw || c.Y < 0 || c.Y >= bh) {
		t.Fatalf("dialog of %dx%d: cursor at %d, %d", bw, bh, c.X, c.Y)
	}
	return box
}
