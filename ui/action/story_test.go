package action_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"orderops/ui/action"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
)

func TestHeadlineAndStory(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err             error
		headline, story string
	}{
		"a problem": {
			&workflow.Problem{Operation: "sqs:SendMessage", Target: "https://sqs.eu-west-1.amazonaws.com/1/OrderQueue", Reason: "no permission", Next: "Ask for it", RequestID: "r"},
			"sqs:SendMessage OrderQueue: no permission",
			"what   sqs:SendMessage\non     https://sqs.eu-west-1.amazonaws.com/1/OrderQueue\nwhy    no permission\nnext   Ask for it\nrequest r",
		},
		"without a target": {&workflow.Problem{Operation: "connect", Reason: "no region"}, "connect: no region", "what   connect\nwhy    no region"},
		"too slow":         {context.DeadlineExceeded, "no answer in time", "no answer in time"},
		"another error":    {errors.New("odd"), "odd", "odd"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := action.Headline(test.err); got != test.headline {
				t.Errorf("headline %q, want %q", got, test.headline)
			}
			if got := action.Story(test.err); got != test.story {
				t.Errorf("story %q, want %q", got, test.story)
			}
		})
	}
}

// Connecting, loading, empty, failing and forbidden are different texts, and a
// stale list says since when.
func TestEmptyAndNote(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 7, 44, 0, 0, time.Local)
	forbidden := &workflow.Problem{Kind: workflow.Forbidden, Operation: "states:ListExecutions", Target: "arn:aws:states:eu:1:stateMachine:Machine", Reason: "not allowed", Next: "Ask for states:ListExecutions"}
	broken := &workflow.Problem{Operation: "states:ListExecutions", Reason: "no answer"}
	for name, test := range map[string]struct {
		changes []monitor.Change
		offline bool
		empty   []string
		note    string
	}{
		"connecting": {offline: true, empty: []string{"connecting …"}},
		"loading":    {empty: []string{"loading …"}},
		"none":       {changes: []monitor.Change{monitor.ExecutionsListed{At: at}}, empty: []string{"none yet"}},
		"failing": {
			changes: []monitor.Change{monitor.FeedFailed{Feed: monitor.ExecutionsFeed, Err: broken, At: at}},
			empty:   []string{"states:ListExecutions: no answer"}, note: "not answered: failed (states:ListExecutions)",
		},
		"forbidden": {
			changes: []monitor.Change{monitor.FeedFailed{Feed: monitor.ExecutionsFeed, Err: forbidden, At: at}},
			empty:   []string{"states:ListExecutions Machine: not allowed", "Ask for states:ListExecutions"}, note: "no permission for states:ListExecutions (on Machine)",
		},
		"stale": {
			changes: []monitor.Change{monitor.ExecutionsListed{At: at}, monitor.FeedFailed{Feed: monitor.ExecutionsFeed, Err: broken, At: at.Add(time.Minute)}},
			empty:   []string{"none yet"}, note: "stale since 07:44:00: failed (states:ListExecutions)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &action.World{Store: monitor.NewStore()}
			if !test.offline {
				w.Desk = operation.NewDesk(workflow.Deployment{}, nil, nil, operation.Options{})
			}
			w.Store.Apply(test.changes...)
			if got := w.Empty(monitor.ExecutionsFeed, "none yet"); !slices.Equal(got, test.empty) {
				t.Errorf("empty %q, want %q", got, test.empty)
			}
			if got := w.Note(monitor.ExecutionsFeed); got != test.note {
				t.Errorf("note %q, want %q", got, test.note)
			}
		})
	}
}

func TestShortName(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{
		"arn:aws:sqs:eu-west-1:1:OrderQueue": "OrderQueue",
		"https://sqs.amazonaws.com/1/Other":  "Other",
		"plain":                              "plain",
		"ends:":                              "ends:",
		"arn:aws:states:eu:1:execution:M:an-order": "an-order",
	} {
		if got := action.ShortName(target); got != want {
			t.Errorf("%s: %q, want %q", target, got, want)
		}
	}
}
