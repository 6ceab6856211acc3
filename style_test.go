package main

import (
	"image/color"
	"testing"
	"testing/synctest"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
)

// lookAt opens the list of executions with two rows, the first one selected.
func lookAt(s *stage) {
	s.pass(2 * time.Second)
	s.start(1)
	s.pass(time.Second)
	s.start(1)
	s.press("3")
	s.pass(6 * time.Second)
	s.press("G", "g")
}

// selectedRow is a cell of the selected row, and one of the row below it.
func (s *stage) selectedRow() (selected, other uv.Cell) {
	s.t.Helper()
	x, y, ok := s.screen.Find("▸  ▷ RUNNING")
	if !ok {
		s.t.Fatalf("no row:\n%s", s.screen.Text())
	}
	return s.screen.Cell(x+5, y), s.screen.Cell(x+5, y+1)
}

// TestNothingIsToldByColourAlone: without colour there is none at all, and the
// selected row and the open screen are seen all the same.
func TestNothingIsToldByColourAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{w: 120, h: 40, noColour: true})
		lookAt(s)
		cells := s.screen.Snapshot()
		for y := range cells.Height() {
			for x := range cells.Width() {
				if c := cells.CellAt(x, y); c != nil && (c.Style.Fg != nil || c.Style.Bg != nil) {
					t.Fatalf("%q at %d,%d has a colour", c.Content, x, y)
				}
			}
		}
		selected, other := s.selectedRow()
		if selected.Style.Attrs&uv.AttrReverse == 0 || other.Style.Attrs&uv.AttrReverse != 0 {
			t.Errorf("the selected row looks like %+v, the next one like %+v", selected.Style, other.Style)
		}
		x, y, _ := s.screen.Find("3 Executions")
		if tab := s.screen.Cell(x, y); tab.Style.Attrs&uv.AttrReverse == 0 {
			t.Errorf("the open screen's name looks like %+v", tab.Style)
		}
	})
}

// TestLightAndDark: the selected row has a pale back on a light terminal, and a
// deep one on a dark terminal.
func TestLightAndDark(t *testing.T) {
	t.Parallel()
	for _, light := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			s := open(t, setting{w: 120, h: 40, light: light})
			lookAt(s)
			selected, other := s.selectedRow()
			if selected.Style.Bg == nil || other.Style.Bg != nil {
				t.Fatalf("backs: selected %v, other %v", selected.Style.Bg, other.Style.Bg)
			}
			if pale := brightness(selected.Style.Bg) > 0.5; pale != light {
				t.Errorf("light %t: the selected row's back is %v", light, selected.Style.Bg)
			}
			if pale := brightness(other.Style.Fg) > 0.5; pale == light {
				t.Errorf("light %t: the text of a row is %v", light, other.Style.Fg)
			}
		})
	}
}

// brightness is from 0 for black to 1 for white.
func brightness(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	return (0.3*float64(r) + 0.59*float64(g) + 0.11*float64(b)) / 0xffff
}
