package main

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// TestRedriveChosen is an operator's way from dead letters to finished orders:
// inspect, judge, mark, plan, redrive, and see what became of it.
func TestRedriveChosen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{w: 120, h: 40, wait: time.Second})
		s.pass(2 * time.Second)
		s.sendTo("OrderDeathLetterQueue", nil, order("Burger_20", 3, "Restaurant 4"), order("Sushi_2", 1, "Restaurant 9"), "poison")
		s.pass(6 * time.Second)
		s.press("4", "i", "y")
		s.pass(5 * time.Second)
		s.shows("safe", "malformed", "no execution has any of its ids")
		s.press("ctrl+a", "R")
		s.pass(time.Second)
		s.shows("Redrive 2 messages", "left out", "1 malformed", "OrderQueue", "1 send · 1 delete", "saved before anything is sent", "none once sent")
		s.press("esc")
		s.pass(time.Second)
		if got := s.deadLetters(); got != "0 visible, 3 hidden" {
			t.Fatalf("a plan that was not agreed to has changed something: %s", got)
		}
		s.press("R")
		s.pass(time.Second)
		s.press("y")
		s.pass(15 * time.Second)
		s.shows("redrive done", "2 of 2 done")
		if got := s.deadLetters(); got != "0 visible, 1 hidden" { // the one that was left out is still leased
			t.Errorf("afterwards: %s", got)
		}
		s.pass(time.Minute)
		s.shows("2 succeeded")
		s.press("6")
		s.pass(time.Second)
		s.shows("redrive", "2 of 2 done")
		s.press("h")
		s.pass(time.Second)
		s.shows("Runs over dead letters", "redrive · done · 2 messages", "redriven", "succeeded")
	})
}

// TestRedriveAnyway wants what may come of it typed out.
func TestRedriveAnyway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{w: 120, h: 40, wait: time.Second})
		s.pass(2 * time.Second)
		s.sendTo("OrderDeathLetterQueue", nil, "poison")
		s.pass(6 * time.Second)
		s.press("4", "i", "y")
		s.pass(5 * time.Second)
		s.press("R")
		s.pass(time.Second)
		s.shows("none can be dealt with: 1 malformed")
		s.press("I")
		s.pass(time.Second)
		s.shows("type what may come of it", "fails again")
		s.press("enter")
		s.pass(5 * time.Second)
		if got := s.deadLetters(); got != "0 visible, 1 hidden" {
			t.Errorf("redriven without the words: %s", got)
		}
		s.press("esc")
	})
}

// TestDeleteArchivesFirst deletes a chosen dead letter by the queue's name.
func TestDeleteArchivesFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{w: 120, h: 40, wait: time.Second})
		s.pass(2 * time.Second)
		s.sendTo("OrderDeathLetterQueue", nil, "poison", order("Burger_20", 3, "Restaurant 4"))
		s.pass(6 * time.Second)
		s.press("4", "i", "y")
		s.pass(5 * time.Second)
		s.press("/")
		s.enter("verdict:malformed")
		s.press("enter", "d")
		s.pass(time.Second)
		s.shows("Delete 1 message", "type the queue's name")
		s.enter("OrderDeathLetterQueue")
		s.press("enter")
		s.pass(5 * time.Second)
		s.shows("delete done", "1 of 1 done")
		if got := s.deadLetters(); got != "0 visible, 1 hidden" {
			t.Errorf("afterwards: %s", got)
		}
	})
}

// TestMarksAreOfTheLookTheyWereMadeIn marks all, deletes them, and finds what comes
// later without a mark: nobody has seen it.
func TestMarksAreOfTheLookTheyWereMadeIn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{w: 120, h: 40, wait: time.Second})
		s.pass(2 * time.Second)
		s.sendTo("OrderDeathLetterQueue", nil, "poison", "more poison")
		s.pass(6 * time.Second)
		s.press("4", "i", "y")
		s.pass(5 * time.Second)
		s.press("ctrl+a")
		s.shows("2 marked")
		s.press("d")
		s.pass(time.Second)
		s.enter("OrderDeathLetterQueue")
		s.press("enter")
		s.pass(5 * time.Second)
		s.shows("2 of 2 done")
		s.sendTo("OrderDeathLetterQueue", nil, order("Burger_20", 3, "Restaurant 4"), order("Sushi_2", 1, "Restaurant 9"))
		s.pass(6 * time.Second)
		s.press("i")
		s.pass(5 * time.Second)
		s.shows("Dead letters (2)")
		s.hides("marked")
	})
}

// TestInspectThousands receives a hundred dead letters, and then a thousand more
// each time it is asked to.
func TestInspectThousands(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{w: 120, h: 40, wait: time.Second})
		s.pass(2 * time.Second)
		for range 120 {
			s.sendTo("OrderDeathLetterQueue", nil, slices.Repeat([]string{"poison"}, 10)...)
		}
		s.pass(6 * time.Second)
		s.press("4", "i", "y")
		s.pass(10 * time.Second)
		s.shows("Dead letters (100)", "100 of ~1,200 held")
		s.press("i")
		s.pass(10 * time.Second)
		s.shows("Dead letters (1,100)")
		s.press("i")
		s.pass(10 * time.Second)
		s.shows("Dead letters (1,200)", "1,200 held")
	})
}
