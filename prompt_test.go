package main

import (
	"testing"
	"testing/synctest"
	"time"

	"orderops/workflow"
)

// A second factor is asked for on the screen, however long it takes, and again
// when it was refused.
func TestTheSecondFactorIsAskedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var codes []string
		s := open(t, setting{fps: calm, ask: func(prompt workflow.Prompt) error {
			code, err := prompt("MFA code of arn:aws:iam::1:mfa/ann\x1b[2J")
			codes = append(codes, code)
			return err
		}})
		s.pass(time.Second)
		s.shows("Sign in", `MFA code of arn:aws:iam::1:mfa/ann\x1b[2J`)
		s.press("enter")
		s.shows("is needed")
		s.press("esc")
		s.shows("Not connected")
		s.press("r")
		s.pass(5 * time.Minute) // longer than a connection may take
		s.shows("Sign in")
		s.enter("123456")
		s.press("enter")
		s.pass(3 * time.Second)
		s.shows("OrderStateMachine")
		if len(codes) != 2 || codes[0] != "" || codes[1] != "123456" {
			t.Errorf("got the codes %q", codes)
		}
	})
}
