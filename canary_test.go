package main

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// TestRedriveAFewFirst redrives one of twelve and follows it to its end: when its
// order is made the rest follows by itself, when it fails the rest stays where it
// is, and why is said.
func TestRedriveAFewFirst(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]bool{"they succeed": false, "they fail": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				set := setting{w: 120, h: 40, wait: 20 * time.Second, fps: calm}
				s := open(t, set)
				s.pass(2 * time.Second)
				s.breakPayment(set, broken)
				for i := range 12 {
					s.sendTo("OrderDeathLetterQueue", nil, order(fmt.Sprintf("Burger_%d", i+1), 1, "Restaurant 4"))
				}
				s.pass(6 * time.Second)
				s.press("4", "i", "y")
				s.pass(10 * time.Second)
				s.press("ctrl+a", "K")
				s.pass(2 * time.Second)
				s.shows("Redrive 12 messages", "the first message is followed to its end; the rest goes on only when", "it succeeded")
				s.press("esc")
				s.pass(time.Second)
				if got := s.deadLetters(); got != "0 visible, 12 hidden" {
					t.Fatalf("a plan that was not agreed to has changed something: %s", got)
				}
				s.press("K")
				s.pass(2 * time.Second)
				s.press("y")
				s.pass(4 * time.Second)
				s.shows("1 of 12 done")
				if !broken { // what fails, fails soon
					s.shows("redrive running", "following the first message to its end")
				}
				if got := s.deadLetters(); got != "11 visible, 0 hidden" && got != "0 visible, 11 hidden" {
					t.Errorf("while the first is followed: %s", got)
				}
				s.pass(2 * time.Minute)
				if broken {
					s.shows("redrive stopped", "1 of 12 done", "1 failed again", "the first message did not succeed:")
					s.pass(time.Minute)
					if got := s.deadLetters(); got != "11 visible, 0 hidden" && got != "0 visible, 11 hidden" {
						t.Errorf("the rest went on: %s", got)
					}
					return
				}
				s.shows("redrive done", "12 of 12 done", "12 succeeded")
				if got := s.deadLetters(); got != "0 visible, 0 hidden" {
					t.Errorf("afterwards: %s", got)
				}
			})
		})
	}
}

// TestALongEdit keeps the program from everything, as an editor that is open does,
// until the leases have run out: that is told, and what is redriven then is
// received again first.
func TestALongEdit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{w: 120, h: 40, wait: time.Second})
		s.pass(2 * time.Second)
		s.sendTo("OrderDeathLetterQueue", nil, `{"data":{"user_id":"Burger_20","quantity":"three","restaurant_id":"Restaurant 4"}}`, "poison")
		s.pass(6 * time.Second)
		s.press("4", "i", "y")
		s.pass(5 * time.Second)
		s.shows("2 held")
		s.press("/")
		s.enter("Burger_20")
		s.press("enter")
		s.program.Send(nap(5 * time.Minute))
		s.pass(5*time.Minute + 3*time.Second)
		s.shows("leases ran out · as seen at")
		if got := s.deadLetters(); got != "2 visible, 0 hidden" {
			t.Fatalf("after five minutes: %s", got)
		}
		s.press("e", "enter", "ctrl+u")
		s.enter("3")
		s.press("enter", "enter")
		s.pass(2 * time.Second)
		s.shows("Redrive 1 message", `"quantity":"3"`, "edited by", "hand")
		s.press("y")
		s.pass(15 * time.Second)
		s.shows("redrive done", "1 of 1 done")
		s.pass(time.Minute)
		s.shows("1 succeeded")
		if got := s.deadLetters(); got != "1 visible, 0 hidden" {
			t.Errorf("afterwards: %s", got)
		}
	})
}
