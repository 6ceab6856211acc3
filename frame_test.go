package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// md5OfBurger is what SQS answers for the order that everyone knows.
const md5OfBurger = "e172a0b1b0c410a6d12b96ef434aa4c0"

// TestFrames plays the same story at three sizes and compares every frame with
// the one that is kept. Without colour and on a light background the words are
// the same, so these are compared with the same frames.
func TestFrames(t *testing.T) {
	t.Parallel()
	everyLook(t, "", func(t *testing.T, set setting, g *golden) {
		t.Helper()
		set.decline = 0.3
		story(open(t, set), g)
	})
}

// everyLook plays the same at three sizes, in dark, in light and without colour.
// The frames are kept in a folder for each size, below the one that is named.
func everyLook(t *testing.T, folder string, play func(t *testing.T, set setting, g *golden)) {
	t.Helper()
	for _, test := range []struct {
		name string
		setting
	}{
		{"80x24", setting{w: 80, h: 24}},
		{"120x40", setting{w: 120, h: 40}},
		{"200x60", setting{w: 200, h: 60}},
		{"80x24 without colour", setting{w: 80, h: 24, noColour: true}},
		{"120x40 without colour", setting{w: 120, h: 40, noColour: true}},
		{"200x60 without colour", setting{w: 200, h: 60, noColour: true}},
		{"80x24 light", setting{w: 80, h: 24, light: true}},
		{"120x40 light", setting{w: 120, h: 40, light: true}},
		{"200x60 light", setting{w: 200, h: 60, light: true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := &golden{t: t, dir: filepath.Join("testdata/frames", folder, fmt.Sprintf("%dx%d", test.w, test.h))}
				g.keeper = !test.noColour && !test.light
				play(t, test.setting, g)
				g.done()
			})
		})
	}
}

// story is an operator's morning, from an empty system to a redrive.
func story(s *stage, g *golden) {
	s.pass(50 * time.Millisecond)
	g.frame(s, "connecting")
	s.pass(2 * time.Second)
	g.frame(s, "overview-empty")
	s.press("2")
	g.frame(s, "orders-empty")
	s.press("3")
	g.frame(s, "executions-empty")
	s.press("4")
	g.frame(s, "deadletters-empty")
	s.press("5")
	g.frame(s, "submit-empty")

	// The order that everyone knows, with a slip on the way.
	s.enter("Burger_20")
	s.press("tab")
	s.enter("three")
	g.frame(s, "submit-invalid")
	s.press("ctrl+u")
	s.enter("3")
	s.press("tab")
	s.enter("Restaurant 4")
	s.shows(md5OfBurger)
	g.frame(s, "submit-typed")
	s.press("enter")
	s.shows(md5OfBurger)
	g.frame(s, "submit-plan")
	s.press("enter")
	s.pass(3 * time.Second)
	g.frame(s, "submit-sent")

	// Its execution, in the Wait.
	s.press("3")
	s.pass(3 * time.Second)
	g.frame(s, "executions-one")
	s.press("enter")
	s.pass(4 * time.Second)
	s.shows("Wait30Seconds", "left")
	g.frame(s, "execution-waiting")
	s.press("e")
	g.frame(s, "execution-events")
	s.press("left", "left", "left")
	g.frame(s, "execution-stepping")
	s.press("e", "z")
	g.frame(s, "execution-graph")
	s.press("esc", "esc", "esc")

	// Something that nobody can read goes in as it is.
	s.press("5", "ctrl+r", "ctrl+u")
	s.enter(`{"data":{"user_id":"Sushi_2","quantity":"three","restaurant_id":"Restaurant 9"}}`)
	s.press("enter")
	g.frame(s, "submit-malformed-plan")
	s.press("tab", "enter")
	s.pass(time.Second)

	// Traffic, until everything has had its three receives.
	for i := range 9 {
		s.send(order(fmt.Sprintf("Pizza_%d", i+1), i+1, fmt.Sprintf("Restaurant %d", i%4+1)))
		s.pass(2300 * time.Millisecond)
	}
	s.send(`not json at all`)
	s.pass(time.Second)
	s.send(`{"data":{"user_id":"Pasta_1","quantity":"0","restaurant_id":"Restaurant 2"}}`)
	s.pass(23 * time.Second)

	s.press("1")
	s.pass(6 * time.Second)
	g.frame(s, "overview-busy")
	s.press("2")
	s.pass(12 * time.Second)
	g.frame(s, "orders-busy")
	s.press("/")
	s.enter("pizza")
	g.frame(s, "orders-filtered")
	s.press("enter", "enter")
	s.pass(3 * time.Second)
	s.shows("now: ", "accepted by the queue", "not recorded", "taken by SNS")
	g.frame(s, "order-trace")
	s.press("esc", "esc", "3")
	s.pass(12 * time.Second)
	g.frame(s, "executions-busy")
	s.press("down", "down", "down", "enter")
	s.pass(3 * time.Second)
	g.frame(s, "execution-ended")
	s.press("esc")

	// The dead letters: nothing is received before it was agreed to.
	s.press("4")
	s.pass(2 * time.Second)
	g.frame(s, "deadletters-before")
	s.press("i")
	g.frame(s, "deadletters-inspect-plan")
	s.press("tab", "enter")
	s.pass(3 * time.Second)
	g.frame(s, "deadletters-inspected")
	s.press("tab")
	g.frame(s, "deadletters-attributes")
	s.press("tab", "enter")
	g.frame(s, "deadletters-opened")
	s.press("tab")
	g.frame(s, "deadletters-hex")
	s.press("tab", "/")
	s.enter("quant")
	g.frame(s, "deadletters-tree")
	s.press("esc", "esc", "t")
	g.frame(s, "deadletters-groups")
	s.press("t", "g", "space", "space", "x")
	g.frame(s, "deadletters-compared")
	s.press("esc", "ctrl+a", "ctrl+a", "J")
	s.enter(`.data.quantity = "3" | .data.note = [`)
	g.frame(s, "deadletters-expression-wrong")
	s.enter(`.data.user_id]`)
	s.press("enter")
	s.pass(time.Second)
	g.frame(s, "deadletters-edits")
	s.press("tab")
	g.frame(s, "deadletters-edits-not-json")
	s.press("esc", "m")
	s.pass(time.Second)
	g.frame(s, "redrive-plan")
	s.press("shift+tab", "ctrl+u", "1", "tab")
	s.enter("OrderDeathLetterQueue")
	g.frame(s, "redrive-agreed")
	s.press("enter")
	s.pass(2 * time.Second)
	s.shows("RUNNING", "1/s")
	g.frame(s, "redrive-running")
	s.pass(12 * time.Second)
	s.shows("COMPLETED")
	g.frame(s, "redrive-done")

	s.press("6")
	g.frame(s, "activity")
	s.press("a", "tab")
	g.frame(s, "activity-calls")
	s.press("1", "?")
	g.frame(s, "help")
	s.press("esc", ":")
	s.enter("sub")
	g.frame(s, "palette")
	s.press("esc", "!")
	g.frame(s, "errors-none")
	s.press("esc")
}

// TestTooSmall wants a sentence where the screens don't fit, and the screen
// again when they do.
func TestTooSmall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &golden{t: t, dir: "testdata/frames/small", keeper: true}
		s := open(t, setting{w: 80, h: 24})
		s.pass(2 * time.Second)
		for _, size := range [][2]int{{79, 24}, {80, 23}, {40, 8}, {12, 1}} {
			s.resize(size[0], size[1])
			g.frame(s, fmt.Sprintf("%dx%d", size[0], size[1]))
		}
		s.resize(80, 24)
		s.shows("Pipeline", "OrderQueue")
		g.done()
	})
}

// golden compares frames with kept ones, or keeps them when UPDATE_GOLDEN is set.
type golden struct {
	t   *testing.T
	dir string
	// keeper is who writes the frames; the others only compare.
	keeper bool
	seen   map[string]bool
}

func updating() bool { return os.Getenv("UPDATE_GOLDEN") != "" }

// frame compares what the terminal shows now.
func (g *golden) frame(s *stage, name string) {
	g.t.Helper()
	s.faithful()
	g.compare(name+".golden", []byte(s.screen.Text()))
}

// compare compares a file of the directory with what it should be.
func (g *golden) compare(name string, got []byte) {
	g.t.Helper()
	if g.seen == nil {
		g.seen = map[string]bool{}
	}
	g.seen[name] = true
	file := filepath.Join(g.dir, name)
	if updating() {
		if g.keeper {
			if err := os.MkdirAll(g.dir, 0o755); err != nil {
				g.t.Fatal(err)
			}
			if err := os.WriteFile(file, got, 0o644); err != nil {
				g.t.Fatal(err)
			}
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		g.t.Errorf("%v: `make golden` writes it", err)
		return
	}
	switch {
	case bytes.Equal(got, want):
	case strings.HasSuffix(name, ".svg"):
		g.t.Errorf("%s is not as the program draws it now; `make golden` draws it", file)
	default:
		g.t.Errorf("%s is not as kept; `make golden` keeps it as it is now\n%s", file, difference(string(want), string(got)))
	}
}

// done finds frames that are kept but not made any more.
func (g *golden) done() {
	g.t.Helper()
	files, err := os.ReadDir(g.dir)
	if err != nil {
		g.t.Fatal(err)
	}
	for _, f := range files {
		if g.seen[f.Name()] {
			continue
		}
		if updating() && g.keeper {
			if err := os.Remove(filepath.Join(g.dir, f.Name())); err != nil {
				g.t.Fatal(err)
			}
			continue
		}
		g.t.Errorf("%s/%s is a frame that nobody makes", g.dir, f.Name())
	}
}

// difference lists the lines that differ, the wanted ones first. Blanks at the
// end of a wanted line don't count.
func difference(want, got string) string {
	was, is := strings.Split(want, "\n"), strings.Split(got, "\n")
	var out strings.Builder
	for y := range max(len(was), len(is)) {
		a, b := strings.TrimRight(line(was, y), " "), line(is, y)
		if a != b {
			fmt.Fprintf(&out, "%3d - %s\n    + %s\n", y, a, b)
		}
	}
	return out.String()
}

func line(lines []string, y int) string {
	if y < len(lines) {
		return lines[y]
	}
	return ""
}

// faithful waits until the terminal shows what the dashboard has drawn last, and
// fails unless it does within two thirds of a second.
func (s *stage) faithful() {
	s.t.Helper()
	unlike := ""
	for range 60 {
		if unlike = difference(ansi.Strip(s.watched.drawn()), s.screen.Text()); unlike == "" {
			return
		}
		s.pass(10 * time.Millisecond)
	}
	s.t.Errorf("the terminal (+) does not show what was drawn (-)\n%s", unlike)
}
