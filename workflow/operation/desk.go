package operation

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"orderops/workflow"
	"orderops/workflow/operation/journal"
)

// Queue is what operations need of the two queues.
type Queue interface {
	Describe(ctx context.Context, url string) (workflow.Queue, error)
	Send(ctx context.Context, url string, body []byte, attributes map[string]workflow.Attribute) (workflow.Sent, error)
	Receive(ctx context.Context, url string, most int, lease time.Duration) ([]workflow.Message, error)
	// SetVisibility tells in failed, by handle, why a message was not changed;
	// err is a call that failed as a whole, whose handles are in failed too.
	SetVisibility(ctx context.Context, url string, handles []string, d time.Duration) (failed map[string]string, err error)
	StartMove(ctx context.Context, sourceARN, destinationARN string, perSecond int) (handle string, err error)
	Moves(ctx context.Context, sourceARN string) ([]workflow.MoveTask, error)
	CancelMove(ctx context.Context, handle string) (moved int64, err error)
	DeadLetterSources(ctx context.Context, url string) ([]string, error)
	// SendBatch sends up to ten messages in one attempt; the results are in their order.
	SendBatch(ctx context.Context, url string, messages []workflow.Outgoing) ([]workflow.SendResult, error)
	// Delete tells in failed, by handle, why a message was not deleted; err is a
	// call that failed as a whole, whose handles are in failed too.
	Delete(ctx context.Context, url string, handles []string) (failed map[string]string, err error)
	// Purge deletes everything in a queue, whoever holds it. Refused for now is a
	// Problem of the kind Throttled.
	Purge(ctx context.Context, url string) error
	// URL is the address of the queue with that ARN.
	URL(ctx context.Context, arn string) (string, error)
}

// Executions is what operations need of the state machine.
type Executions interface {
	Stop(ctx context.Context, arn workflow.ExecutionARN, errorName, cause string) (time.Time, error)
	Redrive(ctx context.Context, arn workflow.ExecutionARN) (time.Time, error)
	Start(ctx context.Context, name, input string) (workflow.ExecutionARN, error)
}

// Options are who works at the desk and what they may do.
type Options struct {
	// Operator is written into what others see, such as the cause of a stop.
	Operator string
	// Guard refuses what may not be changed now; nil refuses nothing. The AWS
	// client asks it as well.
	Guard *workflow.Guard
	// Rows and Describer are where dead letters are looked up before they are
	// judged; nil ones leave verdicts unknown.
	Rows      Rows
	Describer Describer
	// Consumer tells whether the order queue is read; nil leaves that unchecked.
	Consumer Consumer
	// Switch pauses the consumer and lets it go on; nil leaves it alone.
	Switch Switch
	// Journal keeps what is sent before it is sent; without it no message is
	// redriven or deleted.
	Journal *journal.Journal
	// KeepDays is for how many days the journal keeps runs that were closed; 0
	// means DefaultKeepDays.
	KeepDays int
	// RunLease is for how long a run hides the messages that it deals with; 0
	// means Lease. When the program dies, they come back after that time.
	RunLease time.Duration
}

// Desk is everything that the operator may do. Its methods may be called from
// many goroutines.
type Desk struct {
	deployment workflow.Deployment
	queue      Queue
	executions Executions
	options    Options
	// agreed tells that the operator has agreed once to what inspecting costs.
	agreed atomic.Bool
	under  work
	runs   runs
	lives  lives
	purges purges
}

// NewDesk makes a desk for one deployment.
func NewDesk(deployment workflow.Deployment, queue Queue, executions Executions, options Options) *Desk {
	return &Desk{deployment: deployment, queue: queue, executions: executions, options: options}
}

// allow refuses everything while nothing may be changed, and what the deployment
// has no target for.
func (d *Desk) allow(operation, target, missing string) error {
	if err := d.options.Guard.Check(operation, target); err != nil {
		return err
	}
	if target == "" {
		return &workflow.Problem{
			Kind: workflow.Invalid, Operation: operation,
			Reason: "the deployment has no " + missing + " that is known",
			Next:   "Name it with a flag; see --help.",
		}
	}
	return nil
}

// record is what an operation leaves behind.
func record(at time.Time, verb, target, detail string, err error) Record {
	r := Record{At: at, Verb: verb, Target: target, Outcome: workflow.OutcomeOf(err), Detail: detail}
	if problem, ok := errors.AsType[*workflow.Problem](err); ok {
		r.RequestID = problem.RequestID
		if detail == "" {
			r.Detail = problem.Reason
		}
	} else if err != nil && detail == "" {
		r.Detail = err.Error()
	}
	return r
}

// inWords is a duration in whole minutes and seconds: 60 s is "1 min".
func inWords(d time.Duration) string {
	minutes, seconds := int(d/time.Minute), int(d%time.Minute/time.Second)
	switch {
	case minutes == 0:
		return fmt.Sprintf("%d s", seconds)
	case seconds == 0:
		return fmt.Sprintf("%d min", minutes)
	}
	return fmt.Sprintf("%d min %d s", minutes, seconds)
}

// nameOf is the last part of a queue's URL or ARN.
func nameOf(target string) string {
	return target[strings.LastIndexAny(target, "/:")+1:]
}

// wall is the time by the wall clock: it goes on while the machine sleeps, as
// the leases and deadlines at AWS do.
func wall() time.Time { return time.Now().Round(0) }
