package executions

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/workflow"
	"orderops/workflow/operation"
)

// machineOf answers redrives as a test wants.
type machineOf struct {
	redrive func(arn workflow.ExecutionARN) error
}

func (m machineOf) Redrive(_ context.Context, arn workflow.ExecutionARN) (time.Time, error) {
	return time.Time{}, m.redrive(arn)
}

func (machineOf) Stop(context.Context, workflow.ExecutionARN, string, string) (time.Time, error) {
	return time.Time{}, fmt.Errorf("unexpected")
}

func (machineOf) Start(context.Context, string, string) (workflow.ExecutionARN, error) {
	return "", fmt.Errorf("unexpected")
}

// batchOf runs a batch of n executions to its end and gives what was done. after
// is told how many were asked for.
func batchOf(t *testing.T, n int, redrive func(i int) error, after func(s *Screen, asked int)) (asked int, said string, records []operation.Record) {
	t.Helper()
	s, world := newScreen(t)
	world.Desk = operation.NewDesk(workflow.Deployment{}, nil, machineOf{func(workflow.ExecutionARN) error {
		asked++
		return redrive(asked)
	}}, operation.Options{})
	agreed := redriveAgreed{}
	for i := range n {
		agreed.prospects = append(agreed.prospects, operation.Prospect{Execution: workflow.Execution{ARN: workflow.ExecutionARN(fmt.Sprint("arn", i)), Name: fmt.Sprint("e", i), Status: workflow.Failed}})
	}
	var deliver func(msg tea.Msg)
	deliver = func(msg tea.Msg) {
		if after != nil {
			after(s, asked)
		}
		switch msg := msg.(type) {
		case nil:
		case action.Done:
			if msg.Record.Verb != "" {
				records = append(records, msg.Record)
			}
			said += msg.Say
			deliver(msg.Then)
		default:
			if cmd := s.Update(msg); cmd != nil {
				deliver(cmd())
			}
		}
	}
	deliver(agreed)
	if s.batch != nil {
		t.Error("the batch has not ended")
	}
	return asked, said, records
}

func TestBatchCounts(t *testing.T) {
	t.Parallel()
	asked, said, records := batchOf(t, 4, func(i int) error {
		if i == 2 {
			return &workflow.Problem{Operation: "states:RedriveExecution", Reason: "it is not redrivable"}
		}
		return nil
	}, nil)
	if asked != 4 || len(records) != 4 || !strings.Contains(said, "redriven 3 of 4, 1 refused") {
		t.Errorf("asked %d, %d records, said %q", asked, len(records), said)
	}
}

func TestBatchIsCancelled(t *testing.T) {
	t.Parallel()
	asked, said, _ := batchOf(t, 5, func(int) error { return nil }, func(s *Screen, asked int) {
		if asked == 2 && s.batch != nil {
			s.cancelAction().Run()
		}
	})
	if asked != 2 || !strings.Contains(said, "redriven 2 of 5, 3 left as they were") {
		t.Errorf("asked %d, said %q", asked, said)
	}
}

// A refusal for now is asked again after its pause; one for good ends the batch.
func TestBatchWaitsForTheBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		asked, said, records := batchOf(t, 2, func(i int) error {
			if i == 1 {
				return &workflow.Problem{Kind: workflow.OverBudget, RetryAfter: 3 * time.Second}
			}
			return nil
		}, nil)
		if asked != 3 || len(records) != 2 || said != "redriven 2 of 2" || time.Since(began) != 3*time.Second {
			t.Errorf("asked %d, %d records, said %q after %v", asked, len(records), said, time.Since(began))
		}
	})
	asked, said, _ := batchOf(t, 3, func(int) error { return &workflow.Problem{Kind: workflow.Forbidden, Reason: "no"} }, nil)
	if asked != 1 || !strings.Contains(said, "2 left as they were") {
		t.Errorf("forbidden: asked %d, said %q", asked, said)
	}
}
