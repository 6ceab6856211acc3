package main

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"orderops/aws/local"
	"orderops/aws/local/wire"
)

// TestCredentialsExpireAndAreRenewed: while AWS refuses the credentials the rows
// stay, it is said once, and little is asked. When they are accepted again all goes
// on by itself: no start anew, no burst of calls, and one timer as before.
func TestCredentialsExpireAndAreRenewed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{fps: calm, w: 120, h: 40, wait: time.Hour})
		s.pass(2 * time.Second)
		s.start(5)
		s.pass(30 * time.Second)
		s.shows("5 running", "Burger_1 ")
		usual := s.calls(func() { s.pass(time.Minute) })

		s.refusing(func(local.Call) *wire.Error {
			return &wire.Error{Status: http.StatusBadRequest, Type: "ExpiredTokenException", Message: "The security token included in the request is expired"}
		})
		s.pass(time.Minute)
		for action, n := range s.calls(func() { s.pass(10 * time.Minute) }) {
			if n > 10*usual[action] || n > 40 {
				t.Errorf("expired: %d × %s in ten minutes; usually %d in one", n, action, usual[action])
			}
		}
		s.shows("5 running", "Burger_1 ", "not signed in: ", "Needs attention (1)", "stale since")
		s.press("enter")
		s.shows("AWS does not accept the credentials", "aws sso login")
		s.press("esc")

		s.refusing(nil)
		renewed := s.calls(func() { s.recovers() })
		for action, n := range renewed {
			if n > usual[action]+3 {
				t.Errorf("renewed: %d × %s until all was well; usually %d in a minute", n, action, usual[action])
			}
		}
		s.start(2)
		s.pass(15 * time.Second)
		s.shows("7 running", "nothing, as far as is known")
		s.hides("stale", "not signed in")
		again := s.calls(func() { s.pass(time.Minute) })
		for action, n := range again {
			if n > usual[action]+3 {
				t.Errorf("afterwards: %d × %s in a minute; before %d", n, action, usual[action])
			}
		}
		if strings.Count(s.screen.Text(), "Needs attention") != 1 {
			t.Errorf("the screen is\n%s", s.screen.Text())
		}
	})
}
