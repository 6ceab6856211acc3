package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"orderops/ui/component/graph"
	"orderops/ui/theme"
)

// small is a choice between two boxes, one of them inside another, and a line
// that leads back.
func small() *graph.Picture {
	return &graph.Picture{
		W: 30, H: 12,
		Boxes: []graph.Box{
			{ID: "pay", Label: "Pay", Glyph: "✓", X: 8, Y: 1, W: 9, H: 3, Port: 12, Start: true, Beside: "↻2"},
			{ID: "ok", Label: "Ok", Glyph: "◇", X: 9, Y: 4, W: 8, H: 1, Port: 12, Frameless: true},
			{ID: "each", Label: "Each", Glyph: "▷", X: 0, Y: 6, W: 14, H: 6, Port: 6, Heavy: true},
			{ID: "in", Label: "In日", X: 2, Y: 8, W: 10, H: 3, Port: 6, Depth: 1, End: true},
			{ID: "wait", Label: "Wait", Note: "18 s", X: 16, Y: 6, W: 13, H: 3, Port: 22},
		},
		Lines: []graph.Line{
			{From: "pay", To: "ok", Points: []graph.Point{{X: 12, Y: 3}, {X: 12, Y: 4}}, Heavy: true},
			{From: "ok", To: "each", Label: "yes", Points: []graph.Point{{X: 12, Y: 4}, {X: 12, Y: 5}, {X: 6, Y: 5}, {X: 6, Y: 6}}, Heavy: true},
			{From: "ok", To: "wait", Label: "else", Points: []graph.Point{{X: 12, Y: 4}, {X: 12, Y: 5}, {X: 22, Y: 5}, {X: 22, Y: 6}}, Tone: theme.Dim},
			{From: "wait", To: "pay", Points: []graph.Point{{X: 22, Y: 8}, {X: 22, Y: 9}, {X: 29, Y: 9}, {X: 29, Y: 0}, {X: 10, Y: 0}, {X: 10, Y: 1}}, Arrow: true},
		},
		Labels: []graph.Label{{X: 24, Y: 5, W: 4, Text: "else"}},
	}
}

func window(w, h int, p *graph.Picture) *graph.Graph {
	g := graph.New(theme.New(true, false))
	g.SetSize(w, h)
	g.Set(p)
	return g
}

func shows(t *testing.T, g *graph.Graph, want string) {
	t.Helper()
	lines := strings.Split(ansi.Strip(g.View()), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	if want = strings.ReplaceAll(want, "\n\t\t", "\n"); "\n"+strings.Join(lines, "\n") != want {
		t.Errorf("got\n%s\nwant%s", strings.Join(lines, "\n"), want)
	}
}

func TestDrawing(t *testing.T) {
	t.Parallel()
	shows(t, window(30, 12, small()), `
		          ┌──────────────────┐
		        ┌─▼─●───┐            │
		        │ ✓ Pay ├↻2          │
		        └───┰───┘            │
		           ◇ Ok              │
		      ┏━━━━━┹─────────┐ else │
		┏━━━━━┻━━━━━━┓  ┌─────┴─────┐│
		┃   ▷ Each   ┃  │ Wait 18 s ││
		┃ ┌────────┐ ┃  └─────┬─────┘│
		┃ │  In日  │ ┃        └──────┘
		┃ └───◉────┘ ┃
		┗━━━━━━━━━━━━┛`)
}

// A part of the picture is drawn as it stands in the whole.
func TestWindow(t *testing.T) {
	t.Parallel()
	whole := strings.Split(ansi.Strip(window(30, 12, small()).View()), "\n")
	g := window(30, 4, small())
	for y := range 9 {
		if got, want := ansi.Strip(g.View()), strings.Join(whole[y:min(y+4, 12)], "\n"); got != want {
			t.Errorf("from line %d on\n%s\nwant\n%s", y, got, want)
		}
		g.Move(0, 1)
	}
	if more := g.More(); more != "↑" {
		t.Errorf("there is more at %q", more)
	}
}

func TestShowBringsABoxIntoView(t *testing.T) {
	t.Parallel()
	wide := small()
	wide.W, wide.H = 200, 100
	wide.Boxes = append(wide.Boxes, graph.Box{ID: "far", Label: "Far", X: 150, Y: 90, W: 9, H: 3})
	g := window(40, 10, wide)
	for _, id := range []string{"far", "pay", "far", "in"} {
		g.Show(id)
		want := map[string]string{"far": "Far", "pay": "Pay", "in": "In日"}[id]
		if !strings.Contains(ansi.Strip(g.View()), want) {
			t.Errorf("%s is not in view:\n%s", want, ansi.Strip(g.View()))
		}
	}
}

func TestNarrowWindowFoldsToAList(t *testing.T) {
	t.Parallel()
	shows(t, window(29, 8, small()), `
		 ✓ Pay ↻2
		 ◇ Ok
		   └ yes → each
		   └ else → wait
		 ▷ Each
		   · In日
		 · Wait 18 s
		`)
}

func BenchmarkView(b *testing.B) {
	for _, size := range [][2]int{{40, 30}, {100, 55}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			p := &graph.Picture{W: 120, H: 3000}
			for i := range 1000 {
				p.Boxes = append(p.Boxes, graph.Box{ID: fmt.Sprint(i), Label: "SendOrderToRestaurant", Glyph: "✓", X: i % 3 * 30, Y: i / 3 * 5, W: 28, H: 3, Port: 14})
				p.Lines = append(p.Lines, graph.Line{Points: []graph.Point{{X: 14 + i%3*30, Y: i/3*5 + 2}, {X: 14 + i%3*30, Y: i/3*5 + 5}}})
			}
			g := window(size[0], size[1], p)
			for b.Loop() {
				g.Set(p)
				g.View()
			}
		})
	}
}
