package main

import (
	"testing"
	"testing/synctest"
	"time"
)

// An order that was sent is followed where executions are shown, and not asked
// for while they are not.
func TestAnOrderIsFollowedOnlyWhereItShows(t *testing.T) {
	t.Parallel()
	const describe = "states:DescribeExecution"
	for _, test := range []struct {
		screen string
		asks   bool
	}{{"6", false}, {"4", false}, {"2", true}} {
		t.Run(test.screen, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := open(t, setting{fps: calm})
				s.pass(2 * time.Second)
				if err := s.cloud.EnableEventSource("OrderConsumer", false); err != nil {
					t.Fatal(err)
				}
				s.press("5")
				for _, value := range []string{"Burger_20", "3", "Restaurant 4"} {
					s.enter(value)
					s.press("tab")
				}
				s.press("enter", "enter") // the plan, and yes
				s.shows("accepted as")
				s.press(test.screen)
				s.pass(time.Second)
				if asked := s.calls(func() { s.pass(time.Minute) })[describe]; asked > 0 != test.asks {
					t.Errorf("asked %d times on screen %s", asked, test.screen)
				}
				s.press("2")
				s.shows("not started")
			})
		})
	}
}
