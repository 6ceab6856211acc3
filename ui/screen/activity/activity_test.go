package activity_test

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orderops/ui/action"
	"orderops/ui/screen/activity"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

type usage []workflow.Call

func (u usage) Share() float64          { return 0 }
func (u usage) APIs() []workflow.APIUse { return nil }
func (u usage) Calls() []workflow.Call  { return u }

const requestID = "84af01dd-4475-4cae-9c2f-3c57c2d69e89"

// What was done is told with its outcome, and a failure with AWS's id of the request.
func TestDone(t *testing.T) {
	t.Parallel()
	store := monitor.NewStore()
	store.Apply(monitor.Did{Record: workflow.Record{
		At: time.Now(), Verb: "stop", Target: "an-order", Outcome: workflow.Unknown, Detail: "the answer was lost", RequestID: requestID,
	}})
	s := activity.New(&action.World{Store: store})
	s.SetSize(120, 21)
	if view := ansi.Strip(s.View()); !strings.Contains(view, "? unknown  stop an-order · the answer was lost · request "+requestID) {
		t.Errorf("got\n%s", view)
	}
}

// The newest calls are told by when they began, with what they were about where
// there is room, and with AWS's id of the request of a failure.
func TestNewestCalls(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 7, 44, 0, 0, time.Local)
	calls := usage{
		{At: at, Operation: "sqs:GetQueueAttributes", Target: "https://sqs/1/OrderQueue", Polling: true, Outcome: "ok", RequestID: "not shown"},
		{At: at.Add(time.Second), Operation: "states:StopExecution", Target: "arn:aws:states:eu:1:execution:M:an-order", Outcome: "outcome unknown", RequestID: requestID},
	}
	for name, test := range map[string]struct {
		w          int
		target, id bool
	}{
		"narrow": {w: 80}, "wide": {w: 120, target: true}, "very wide": {w: 200, target: true, id: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := activity.New(&action.World{Store: monitor.NewStore(), Usage: calls})
			s.SetSize(test.w, 21)
			for _, a := range s.Actions() {
				if a.Binding.Match(tea.KeyPressMsg{Code: 'a', Text: "a"}) {
					a.Run()
				}
			}
			view := ansi.Strip(s.View())
			stop, read := strings.Index(view, "states:StopExecution"), strings.Index(view, "sqs:GetQueueAttributes")
			if stop < 0 || read < stop || !strings.Contains(view, "outcome unknown") {
				t.Errorf("not newest first, or cut:\n%s", view)
			}
			if strings.Contains(view, "OrderQueue") != test.target || strings.Contains(view, requestID) != test.id || strings.Contains(view, "not shown") {
				t.Errorf("target %v, id %v wanted:\n%s", test.target, test.id, view)
			}
		})
	}
}
