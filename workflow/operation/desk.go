package operation

import (
	"context"
	"time"

	"orderops/workflow"
)

// Queue is what operations need of the two queues.
type Queue interface {
	Describe(ctx context.Context, url string) (workflow.Queue, error)
	Send(ctx context.Context, url string, body []byte, attributes map[string]workflow.Attribute) (workflow.Sent, error)
	Receive(ctx context.Context, url string, most int, lease time.Duration) ([]workflow.Message, error)
	SetVisibility(ctx context.Context, url string, handles []string, d time.Duration) (failed map[string]string, err error)
	StartMove(ctx context.Context, sourceARN, destinationARN string, perSecond int) (handle string, err error)
	Moves(ctx context.Context, sourceARN string) ([]workflow.MoveTask, error)
	CancelMove(ctx context.Context, handle string) (moved int64, err error)
	DeadLetterSources(ctx context.Context, url string) ([]string, error)
}

// Executions is what operations need of the state machine.
type Executions interface {
	Stop(ctx context.Context, arn workflow.ExecutionARN, errorName, cause string) (time.Time, error)
}

// Options are who works at the desk and what they may do.
type Options struct {
	// Operator is written into what others see, such as the cause of a stop.
	Operator string
	// ReadOnly refuses every operation. The AWS client refuses as well.
	ReadOnly bool
}

// Desk is everything that the operator may do. Its methods may be called from
// many goroutines.
type Desk struct {
	deployment workflow.Deployment
	queue      Queue
	executions Executions
	options    Options
}

// NewDesk makes a desk for one deployment.
func NewDesk(deployment workflow.Deployment, queue Queue, executions Executions, options Options) *Desk {
	return &Desk{deployment: deployment, queue: queue, executions: executions, options: options}
}

// PlanSubmit says what sending this body would do.
func (d *Desk) PlanSubmit(body []byte) Plan { _ = body; return Plan{} }

// Submit sends one order, in one attempt. A lost answer is told as an outcome
// that is not known; it is never sent again.
func (d *Desk) Submit(ctx context.Context, body []byte) (Submission, Record, error) {
	_, _ = ctx, body
	return Submission{}, Record{}, nil
}

// PlanInspect says what looking at the dead letters costs. Risk is None once
// the operator has agreed to it at this desk.
func (d *Desk) PlanInspect(dead workflow.Queue) Plan { _ = dead; return Plan{} }

// Inspect opens an inspection after checking that looking does no harm.
func (d *Desk) Inspect(ctx context.Context) (*Inspection, Record, error) {
	_ = ctx
	return &Inspection{}, Record{}, nil
}

// The rate of a redrive in messages per second (SQS StartMessageMoveTask).
const (
	LeastRate   = 1
	DefaultRate = 10
	MostRate    = 500
)

// PlanRedriveAll reads the queues and says what moving every dead letter back
// would do. Known are the dead letters that were inspected.
func (d *Desk) PlanRedriveAll(ctx context.Context, known []workflow.DeadLetter, rate int) (Plan, error) {
	_, _, _ = ctx, known, rate
	return Plan{}, nil
}

// RedriveAll gives the leases of the inspection back (nil: there is none) and
// starts a move task.
func (d *Desk) RedriveAll(ctx context.Context, rate int, inspection *Inspection) (handle string, record Record, err error) {
	_, _, _ = ctx, rate, inspection
	return "", Record{}, nil
}

// PlanCancelMove says what cancelling a move task would do.
func (d *Desk) PlanCancelMove(task workflow.MoveTask) Plan { _ = task; return Plan{} }

// CancelMove asks SQS to stop a move task; moved is what it had moved by then.
func (d *Desk) CancelMove(ctx context.Context, task workflow.MoveTask) (moved int64, record Record, err error) {
	_, _ = ctx, task
	return 0, Record{}, nil
}

// PlanStop says what stopping an execution would do.
func (d *Desk) PlanStop(execution workflow.Execution) Plan { _ = execution; return Plan{} }

// Stop aborts an execution in the operator's name.
func (d *Desk) Stop(ctx context.Context, execution workflow.Execution) (Record, error) {
	_, _ = ctx, execution
	return Record{}, nil
}
