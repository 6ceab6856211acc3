package main

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"orderops/aws"
	"orderops/aws/local"
	"orderops/aws/playground"
	"orderops/config"
	"orderops/ui"
	"orderops/ui/action"
	"orderops/ui/keys"
	"orderops/workflow"
)

// connectBlind connects read-only, but lets dashboard and desk believe that they
// may change everything: what stops a change then is the AWS client alone.
func connectBlind(cloud *local.Cloud, archive string, calls *func() []workflow.Call) func(ctx context.Context) (*ui.Connection, error) {
	return func(ctx context.Context) (*ui.Connection, error) {
		settings := config.Default()
		settings.ReadOnly, settings.EndpointURL, settings.Region = true, cloud.URL(), cloud.Region()
		session, err := aws.Connect(ctx, settings, aws.Options{
			HTTPClient: cloud.HTTPClient(), Credentials: credentials.NewStaticCredentialsProvider(playground.OperatorKey, "local", ""),
		})
		if err != nil {
			return nil, err
		}
		session.Guard = workflow.NewGuard(false, false, 0)
		*calls = func() []workflow.Call { return session.Calls.Recent(500) }
		return connection(session, archive, 0), nil
	}
}

// leading are the named keys that lead out of the program.
func leading() []string { return []string{"interrupt", "quit", "suspend"} }

// TestEveryKeyReadOnly presses every key that has a name on every screen, in its
// list and in what opens from it, and agrees to every question. Only the AWS
// client says no: not one call outside of its list of reads is sent.
func TestEveryKeyReadOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log func() []workflow.Call
		archive := t.TempDir()
		s := open(t, setting{fps: calm, w: 120, h: 40, wait: 12 * time.Hour, connect: func(cloud *local.Cloud) func(context.Context) (*ui.Connection, error) {
			return connectBlind(cloud, archive, &log)
		}})
		s.pass(2 * time.Second)
		s.sendTo(deadLetterQueue, nil, "a", order("Burger_20", 3, "Restaurant 4"))
		s.start(1)
		s.pass(10 * time.Second)
		s.at(action.Submit, true)
		s.enter("Burger_20")
		s.press("tab", "3", "tab")
		s.enter("Restaurant 4")
		s.press("enter")
		s.agree()

		refused := map[string]bool{}
		after := func() {
			for _, call := range log() {
				if call.Outcome == workflow.Refused.String() {
					refused[call.Operation] = true
				}
			}
		}
		for screen := action.Overview; screen <= action.Activity; screen++ {
			s.everyKey(screen, after)
		}
		s.stop() // what has ended can be redriven and run again
		s.pass(10 * time.Second)
		s.everyKey(action.Executions, after)
		for action, n := range s.cloud.Calls(playground.OperatorKey) {
			if !reading(action) {
				t.Errorf("%d × %s were sent while read-only", n, action)
			}
		}
		for _, want := range []string{"sqs:ReceiveMessage", "sqs:StartMessageMoveTask", "sqs:SendMessage", "states:StopExecution", "states:StartExecution"} {
			if !refused[want] {
				t.Errorf("%s was never tried: the keys were not played, or not agreed to; refused were %v", want, refused)
			}
		}
	})
}

// everyKey presses each key of a screen, in its list and in what opens from it.
func (s *stage) everyKey(screen action.Screen, after func()) {
	s.t.Helper()
	for _, inside := range []bool{false, true} {
		for _, n := range keys.Names() {
			if place := n.Place(); place != "" && place != screen.Place() || slices.Contains(leading(), n.Name) {
				continue
			}
			for _, k := range n.Keys {
				s.at(screen, inside)
				s.program.Send(pressOf(s.t, k))
				s.settle()
				s.agree()
				after()
			}
		}
	}
}

// pressOf is the press of a key by its name.
func pressOf(t *testing.T, name string) tea.KeyPressMsg {
	t.Helper()
	msg, err := keys.Press(name)
	if err != nil {
		t.Fatalf("%q %v", name, err)
	}
	return msg
}

// at goes to a screen, and inside of what its first row or its form opens.
func (s *stage) at(screen action.Screen, inside bool) {
	s.t.Helper()
	s.press("esc", "esc", "esc", "esc", keysOf(screen))
	if screen == action.Submit {
		if !inside { // it types by itself
			s.press("esc")
		}
		return
	}
	if inside {
		s.press("enter")
	}
}

func keysOf(screen action.Screen) string { return string(rune('0' + int(screen))) }

// agree says yes to whatever is asked, and types what is wanted.
func (s *stage) agree() {
	question := regexp.MustCompile(`cancel( \])? +(\[ )?[a-z]`)
	asked := func() bool { return question.MatchString(s.screen.Text()) }
	switch seen := s.screen.Text(); {
	case !asked():
		return
	case !strings.Contains(seen, "type the "):
		s.press("y", "enter")
	default:
		for _, name := range []string{deadLetterQueue, orderQueue, "OrderStateMachine"} {
			for range 2 { // a number may stand before the name
				if asked() {
					s.press("ctrl+u")
					s.enter(name)
					s.press("enter", "tab")
				}
			}
		}
	}
	s.pass(time.Second)
	s.press("esc")
}
