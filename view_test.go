package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/termtest/ptytest"
)

// The next start goes on where the last one was left, per context, and says of a
// filter that it is from then. A file that can't be used is said, and no more.
func TestTerminalGoesOnWhereItWasLeft(t *testing.T) {
	t.Parallel()
	live, test := serveLocal(t, "127.0.0.1:0", predictable("--wait", "600s")...), serveLocal(t, "127.0.0.1:0", predictable("--wait", "600s")...)
	for _, user := range []string{"Burger_20", "Pizza_7"} {
		posts(t, live, `{"user_id":"`+user+`","quantity":"3","restaurant_id":"Restaurant 4"}`)
	}
	environment, state := contextsOf(t, live, test)
	begin := func() *ptytest.Term {
		p := ptytest.Start(t, ptytest.Options{Cols: 80, Rows: 24, Timeout: patience, Env: environment}, os.Args[0])
		p.WaitFor("as of")
		return p
	}
	p := begin()
	p.Key("2")
	p.WaitFor("Orders (2)")
	p.Key("/")
	p.Type("user:burger")
	p.WaitFor("Orders (1 of 2)")
	p.Key("enter", "s")
	p.WaitMatch(`error▲`)
	if strings.Contains(p.Text(), "last time") {
		t.Errorf("a filter that was just typed is from last time:\n%s", p.Dump())
	}
	// Another context is looked at in its own way.
	p.Key("ctrl+p")
	p.WaitFor("this is it")
	p.Type("test")
	p.Key("enter")
	p.WaitFor("shop-test")
	p.WaitFor("Pipeline")
	p.Key("3")
	p.WaitFor("Executions (0)")
	p.Key("ctrl+p")
	p.WaitFor("this is it")
	p.Type("live")
	p.Key("enter")
	p.WaitFor("shop-live")
	p.WaitFor("filter from last time · esc clears")
	quits(t, p)

	p = begin()
	p.WaitFor("Orders (1 of 2)")
	p.WaitFor("filter from last time · esc clears")
	p.WaitMatch(`error▲`)
	straight(t, p)
	p.Key("esc")
	p.WaitFor("Orders (2)")
	p.WaitGone("last time")
	quits(t, p)

	path := filepath.Join(state, "orderops", "view.json")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the view's file has %v, %v", info, err)
	}
	if err := os.WriteFile(path, []byte("{\x1b[2J"), 0o600); err != nil {
		t.Fatal(err)
	}
	p = begin()
	p.WaitFor("Pipeline")
	p.Key("6")
	p.WaitFor("go on as the last time")
	p.WaitFor("damaged")
	straight(t, p)
	quits(t, p)
	if content, err := os.ReadFile(path); err != nil || !strings.Contains(string(content), `"screen":"Activity"`) {
		t.Errorf("it was not written anew: %q, %v", content, err)
	}
}

// click clicks on what the screen shows.
func (s *stage) click(text string) {
	s.t.Helper()
	x, y, ok := s.screen.Find(text)
	if !ok {
		s.t.Fatalf("%q is not on the screen:\n%s", text, s.screen.Text())
	}
	s.program.Send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	s.settle()
}

// TestATitleSortsByClick: in every list a click on a column's title sorts by it,
// the next one turns it round.
func TestATitleSortsByClick(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{fps: calm, w: 120, h: 40})
		for _, user := range []string{"Burger_1", "Pizza_2", "Sushi_3"} {
			s.send(order(user, 1, "Restaurant 1"))
		}
		s.sendTo("OrderDeathLetterQueue", nil, malformed, order("Burger_9", 1, "Restaurant 1"))
		for _, list := range []struct {
			keys  []string
			title string
		}{{[]string{"2"}, "where"}, {[]string{"3"}, "status"}, {[]string{"4", "i", "tab", "enter"}, "verdict"}} {
			s.press(list.keys...)
			s.pass(6 * time.Second)
			s.click(list.title + " ")
			s.shows(list.title + "▲")
			s.click(list.title + "▲")
			s.shows(list.title + "▼")
			s.click(list.title + "▼")
			s.shows(list.title + "▲")
		}
		s.press("?")
		s.press("pgdown", "pgdown")
		s.shows("click a title", "sort; again: turn round")
	})
}

// TestThePreviewIsPlaced: right, below or away, on every list.
func TestThePreviewIsPlaced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{fps: calm, w: 120, h: 40})
		s.send(order("Burger_1", 1, "Restaurant 1"))
		s.press("2")
		s.pass(6 * time.Second)
		for _, place := range []struct {
			word  string
			panes int // upper edges of frames
			wide  bool
		}{{"right", 2, false}, {"below", 2, true}, {"away", 1, true}, {"where there is room", 2, false}} {
			s.press("|")
			s.shows("preview: " + place.word)
			lines := strings.Split(s.screen.Text(), "\n")
			if got := strings.Count(s.screen.Text(), "╭"); got != place.panes {
				t.Errorf("%s: %d frames\n%s", place.word, got, s.screen.Text())
			}
			if wide := strings.Count(lines[2], "╭") == 1; wide != place.wide {
				t.Errorf("%s:\n%s", place.word, s.screen.Text())
			}
		}
	})
}
