package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"orderops/workflow"
	"orderops/workflow/monitor"
)

// picture is the dashboard's live picture, asked for instead of polled.
type picture struct {
	p     *program
	c     *Connection
	store *monitor.Store
	asked map[string]bool
	// logPages is how many pages of the executions' log may still be read.
	logPages int
	gaps
	// definition is what was told of the state machine.
	definition []monitor.Change
}

func (p *program) newPicture(c *Connection) *picture {
	return &picture{p: p, c: c, store: monitor.NewStore(), asked: map[string]bool{}}
}

// next is an empty picture of the same deployment, which knows the state machine.
func (v *picture) next() *picture {
	n := v.p.newPicture(v.c)
	if n.definition = v.definition; n.definition != nil {
		n.asked[asking(monitor.DefinitionFeed, "")] = true
		n.store.Apply(n.definition...)
	}
	return n
}

// asking names a call, to make it only once.
func asking(feed monitor.Feed, key string) string { return fmt.Sprint(feed, " ", key) }

const (
	// atOnce is how many calls are under way at a time.
	atOnce = 4
	// tryAgain is the pause after a refusal for now that tells no time.
	tryAgain = time.Second
)

// read makes the calls and takes their answers in. The error is the first one.
func (v *picture) read(ctx context.Context, polls ...monitor.Poll) error {
	type answer struct {
		poll    monitor.Poll
		changes []monitor.Change
		err     error
	}
	answers := make(chan answer)
	flying := 0
	var first error
	land := func() {
		a := <-answers
		flying--
		if a.err != nil {
			v.store.Apply(monitor.FeedFailed{Feed: a.poll.Feed, ARN: a.poll.Execution, Err: a.err, At: time.Now()})
			if first == nil {
				first = a.err
			}
			if a.poll.Execution == "" || workflow.KindOf(a.err) != workflow.NotFound {
				v.miss(a.err)
			}
			return
		}
		if a.poll.Feed == monitor.DefinitionFeed {
			v.definition = a.changes
		}
		v.store.Apply(a.changes...)
	}
	for i, poll := range polls {
		if ctx.Err() != nil {
			break
		}
		if flying == atOnce {
			land()
		}
		if len(polls) > 2*atOnce {
			v.p.progress("reading %d of %d", i+1, len(polls))
		}
		call := v.c.Ask(poll, v.store)
		flying++
		go func() {
			changes, err := patient(ctx, call)
			answers <- answer{poll, changes, err}
		}()
	}
	for flying > 0 {
		land()
	}
	v.p.progress("")
	return errors.Join(first, ctx.Err())
}

// gaps are what could not be read.
type gaps struct {
	missed int
	why    error // the first reason
}

func (g *gaps) miss(err error) {
	if g.missed++; g.why == nil {
		g.why = err
	}
}

// add adds the gaps of another picture.
func (g *gaps) add(other gaps) {
	if g.missed += other.missed; g.why == nil {
		g.why = other.why
	}
}

// patient makes a call, and again after a refusal for now.
func patient[T any](ctx context.Context, call func(context.Context) (T, error)) (T, error) {
	for {
		answer, err := call(ctx)
		kind := workflow.KindOf(err)
		if kind != workflow.Throttled && kind != workflow.OverBudget {
			return answer, err
		}
		pause := tryAgain
		if p, ok := errors.AsType[*workflow.Problem](err); ok && p.RetryAfter > 0 {
			pause = p.RetryAfter
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return answer, err
		}
	}
}

// fill asks for everything that is worth knowing of what is shown, each once.
func (v *picture) fill(ctx context.Context, shown func() monitor.Shown) {
	for ctx.Err() == nil {
		polls := v.outstanding(v.store.Interest(shown(), time.Now()))
		if len(polls) == 0 {
			return
		}
		_ = v.read(ctx, polls...) // what failed is told by complete
	}
}

// outstanding are the calls of an interest that were not made yet.
func (v *picture) outstanding(in monitor.Interest) []monitor.Poll {
	var polls []monitor.Poll
	want := func(poll monitor.Poll, key string) {
		if key = asking(poll.Feed, key); !v.asked[key] {
			v.asked[key] = true
			polls = append(polls, poll)
		}
	}
	for feed, wanted := range map[monitor.Feed]bool{
		monitor.DefinitionFeed: in.Definition, monitor.MovesFeed: in.Moves, monitor.TopicFeed: in.Topic,
		monitor.ConsumerFeed: in.Consumer, monitor.MetricsFeed: in.Metrics,
	} {
		if wanted {
			want(monitor.Poll{Feed: feed}, "")
		}
	}
	for _, arn := range in.Details {
		want(monitor.Poll{Feed: monitor.DetailsFeed, Execution: arn}, string(arn))
	}
	for _, arn := range in.Positions {
		want(monitor.Poll{Feed: monitor.PositionsFeed, Execution: arn}, string(arn))
	}
	if in.Open != "" {
		want(monitor.Poll{Feed: monitor.HistoryFeed, Execution: in.Open, After: in.After}, string(in.Open))
	}
	var rows []workflow.RowKey
	for _, key := range in.Rows {
		if name := fmt.Sprint("row ", key); !v.asked[name] {
			v.asked[name] = true
			rows = append(rows, key)
		}
	}
	for ; len(rows) > 0; rows = rows[min(len(rows), mostRows):] {
		polls = append(polls, monitor.Poll{Feed: monitor.RowsFeed, Rows: rows[:min(len(rows), mostRows)]})
	}
	if len(in.Checks) > 0 {
		want(monitor.Poll{Feed: monitor.ChecksFeed, Rows: in.Checks}, "")
	}
	if in.Log.Group != "" && v.logPages > 0 {
		v.logPages--
		polls = append(polls, monitor.Poll{Feed: monitor.LogFeed, Log: in.Log})
	}
	return polls
}

// mostRows is how many rows one call reads (BatchGetItem).
const mostRows = 100

// complete tells when something of what was asked for is missing.
func (g *gaps) complete(operation string) error {
	if g.missed == 0 {
		return nil
	}
	problem := &workflow.Problem{
		Kind: workflow.PartlyDone, Operation: operation, Err: g.why,
		Reason: fmt.Sprintf("%d of the calls were not answered; what is printed is not all. The first: %s", g.missed, g.why),
	}
	if first, ok := errors.AsType[*workflow.Problem](g.why); ok {
		problem.Next, problem.RequestID = first.Next, first.RequestID
		problem.Reason = fmt.Sprintf("%d of the calls were not answered, what is printed is not all; the first: %s: %s", g.missed, first.Operation, first.Reason)
	}
	return problem
}
