package monitor

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"orderops/workflow"
	"orderops/workflow/definition"
)

func after(seconds float64) time.Time {
	return day().Add(time.Duration(seconds * float64(time.Second)))
}

func arn(name string) workflow.ExecutionARN {
	return workflow.ExecutionARN("arn:aws:states:eu-west-1:123456789012:execution:Orders:" + name)
}

func running(name string) workflow.Execution {
	return workflow.Execution{ARN: arn(name), Name: name, Status: workflow.Running, Started: day()}
}

func over(name string, status workflow.ExecutionStatus, stopped time.Time) workflow.Execution {
	e := running(name)
	e.Status, e.Stopped = status, stopped
	return e
}

func listed(at time.Time, executions ...workflow.Execution) ExecutionsListed {
	return ExecutionsListed{Executions: executions, At: at}
}

func input(name string) string {
	order := workflow.Order{UserID: "Burger_20", Quantity: "3", RestaurantID: "Restaurant 4"}
	return string(workflow.EncodeInput(order, workflow.OrderID(name), day()))
}

// waiting is the history of an execution that is in Wait30Seconds since 2 s.
func waiting(name string) []workflow.Event {
	return []workflow.Event{
		{ID: 1, Type: "ExecutionStarted", Time: day(), Input: input(name)},
		{ID: 2, PreviousID: 0, Type: "TaskStateEntered", State: "SaveOrder", Time: after(1)},
		{ID: 3, PreviousID: 2, Type: "TaskStateExited", State: "SaveOrder", Time: after(2)},
		{ID: 4, PreviousID: 3, Type: "WaitStateEntered", State: "Wait30Seconds", Time: after(2)},
	}
}

func machine() *definition.Machine {
	return &definition.Machine{StartAt: "SaveOrder", States: []definition.State{
		{Name: "SaveOrder", Type: "Task"},
		{Name: "Wait30Seconds", Type: "Wait", WaitSeconds: 30},
	}}
}

func execution(t *testing.T, s *Store, name string) *Execution {
	t.Helper()
	e, ok := s.Executions().Get(arn(name))
	if !ok {
		t.Fatalf("execution %s is not known", name)
	}
	return e
}

func order(t *testing.T, s *Store, id string) *Order {
	t.Helper()
	o, ok := s.Orders().Get(workflow.OrderID(id))
	if !ok {
		t.Fatalf("order %s is not known", id)
	}
	return o
}

// TestAnOrderIsFollowedFromItsSubmission joins every source to one order.
func TestAnOrderIsFollowedFromItsSubmission(t *testing.T) {
	t.Parallel()
	s := NewStore()
	body := workflow.EncodeBody(workflow.Order{UserID: "Burger_20", Quantity: "3", RestaurantID: "Restaurant 4"})
	key := workflow.RowKey{UserID: "Burger_20", ID: "7c1e"}
	for _, step := range []struct {
		change Change
		where  string
		row    workflow.OrderStatus
	}{
		{Submitted{workflow.Submission{At: day(), OrderID: "7c1e", MessageID: "7c1e", Body: body, Outcome: workflow.Done}}, "not started", ""},
		{listed(after(1), running("7c1e")), "running", ""},
		{DefinitionRead{Name: "Orders", Machine: machine(), At: after(1)}, "running", ""},
		{HistoryRead{Feed: PositionsFeed, ARN: arn("7c1e"), Events: waiting("7c1e"), At: after(3)}, "in Wait30Seconds", ""},
		{RowsRead{Asked: []workflow.RowKey{key}, Rows: []workflow.Row{{RowKey: key, Status: workflow.Pending}}, At: after(4)}, "in Wait30Seconds", workflow.Pending},
		{listed(after(40), over("7c1e", workflow.Succeeded, after(35))), "succeeded", workflow.Pending},
		{RowsRead{Asked: []workflow.RowKey{key}, Rows: []workflow.Row{{RowKey: key, Status: workflow.Success}}, At: after(41)}, "succeeded", workflow.Success},
	} {
		s.Apply(step.change)
		o := order(t, s, "7c1e")
		if o.Where != step.where || o.RowStatus() != step.row {
			t.Fatalf("after %T: %q, row %q; want %q, row %q", step.change, o.Where, o.RowStatus(), step.where, step.row)
		}
		if o.UserID != "Burger_20" || o.Restaurant != "Restaurant 4" || o.Quantity != "3" || !o.Submitted.Equal(day()) {
			t.Fatalf("after %T: %+v", step.change, o)
		}
	}
	if n := s.Orders().Len(); n != 1 {
		t.Errorf("%d orders, want 1", n)
	}
	if rows := s.Counts().Rows; len(rows) != 1 || rows[workflow.Success] != 1 {
		t.Errorf("rows %v", rows)
	}
}

func TestWaitUntil(t *testing.T) {
	t.Parallel()
	history := HistoryRead{Feed: PositionsFeed, ARN: arn("a"), Events: waiting("a"), At: after(3)}
	defined := DefinitionRead{Machine: machine(), At: after(1)}
	for name, changes := range map[string][]Change{
		"definition first": {defined, history},
		"history first":    {history, defined},
	} {
		s := NewStore()
		s.Apply(changes...)
		if e := execution(t, s, "a"); !e.WaitUntil().Equal(after(32)) || e.State != "Wait30Seconds" || e.StateKind != "Wait" || !e.Entered.Equal(after(2)) {
			t.Errorf("%s: %+v", name, e)
		}
		if e := execution(t, s, "a"); e.UserID != "Burger_20" {
			t.Errorf("%s: the input in the history was not read", name)
		}
		s.Apply(listed(after(40), over("a", workflow.Aborted, after(39))))
		if e := execution(t, s, "a"); !e.WaitUntil().IsZero() || e.State != "" {
			t.Errorf("%s: still waits after the end: %+v", name, e)
		}
	}
}

func TestHowAnEndIsLearned(t *testing.T) {
	t.Parallel()
	failed := append(waiting("a"),
		workflow.Event{ID: 5, PreviousID: 4, Type: "WaitStateExited", State: "Wait30Seconds", Time: after(32)},
		workflow.Event{ID: 6, PreviousID: 5, Type: "ExecutionFailed", Time: after(33), Error: "States.Timeout", Cause: "too slow"})
	redriven := append(slices.Clone(failed), workflow.Event{ID: 7, Type: "ExecutionRedriven", RedriveCount: 1, Time: after(100)})
	again := running("a")
	again.RedriveCount = 1
	for name, test := range map[string]struct {
		changes []Change
		status  workflow.ExecutionStatus
		failure string
	}{
		"by the list":                {[]Change{listed(after(1), running("a")), listed(after(40), over("a", workflow.Failed, after(33)))}, workflow.Failed, ""},
		"by the history":             {[]Change{listed(after(1), running("a")), HistoryRead{Feed: HistoryFeed, ARN: arn("a"), Events: failed, At: after(40)}}, workflow.Failed, "States.Timeout"},
		"by the newest events":       {[]Change{listed(after(1), running("a")), HistoryRead{Feed: PositionsFeed, ARN: arn("a"), Events: failed[3:], At: after(40)}}, workflow.Failed, "States.Timeout"},
		"then a late list":           {[]Change{listed(after(40), over("a", workflow.Failed, after(33))), listed(after(30), running("a"))}, workflow.Failed, ""},
		"then a stale list":          {[]Change{listed(after(40), over("a", workflow.Failed, after(33))), listed(after(45), running("a"))}, workflow.Failed, ""},
		"then a redrive":             {[]Change{listed(after(40), over("a", workflow.Failed, after(33))), listed(after(101), again)}, workflow.Running, ""},
		"redriven, then the old end": {[]Change{listed(after(101), again), listed(after(102), over("a", workflow.Failed, after(33)))}, workflow.Running, ""},
		"redriven, then a late piece of the old history": {
			[]Change{listed(after(101), again), HistoryRead{Feed: PositionsFeed, ARN: arn("a"), Events: failed[3:], At: after(99)}}, workflow.Running, "",
		},
		"redriven, then the old history as a whole": {
			[]Change{listed(after(101), again), HistoryRead{Feed: HistoryFeed, ARN: arn("a"), Events: failed, At: after(102)}}, workflow.Running, "",
		},
		"redriven, told by the history": {
			[]Change{listed(after(40), over("a", workflow.Failed, after(33))), HistoryRead{Feed: HistoryFeed, ARN: arn("a"), Events: redriven, At: after(102)}}, workflow.Running, "",
		},
		"redriven twice, then the history up to the first end after it": {
			[]Change{listed(after(201), func() workflow.Execution { e := running("a"); e.RedriveCount = 2; return e }()), HistoryRead{
				Feed: HistoryFeed, ARN: arn("a"), At: after(202),
				Events: append(slices.Clone(redriven), workflow.Event{ID: 8, Type: "ExecutionFailed", Time: after(110)}),
			}}, workflow.Running, "",
		},
		"by the description": {
			[]Change{ExecutionRead{Execution: func() workflow.Execution {
				e := over("a", workflow.TimedOut, after(33))
				e.Error = "States.Timeout"
				return e
			}(), At: after(40)}}, workflow.TimedOut, "States.Timeout",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := NewStore()
			s.Apply(test.changes...)
			e := execution(t, s, "a")
			if e.Status != test.status || e.Error != test.failure {
				t.Errorf("%s %q, want %s %q", e.Status, e.Error, test.status, test.failure)
			}
			if e.Status == workflow.Running && !e.Stopped.IsZero() {
				t.Errorf("runs, but stopped at %v", e.Stopped)
			}
		})
	}
}

func TestStateOfAnEndedExecution(t *testing.T) {
	t.Parallel()
	s := NewStore()
	events := append(waiting("a")[:2],
		workflow.Event{ID: 3, PreviousID: 2, Type: "ExecutionFailed", Time: after(5), Error: "Boom"})
	s.Apply(listed(after(6), over("a", workflow.Failed, after(5))))
	if e := execution(t, s, "a"); e.State != "" {
		t.Errorf("state %q before any history", e.State)
	}
	s.Apply(HistoryRead{Feed: PositionsFeed, ARN: arn("a"), Events: events, At: after(7)})
	if e := execution(t, s, "a"); e.State != "SaveOrder" {
		t.Errorf("failed in %q, want SaveOrder", e.State)
	}
	if o := order(t, s, "a"); o.Where != "failed in SaveOrder" || o.ErrorMessage() != "Boom" {
		t.Errorf("where %q, error %q", o.Where, o.ErrorMessage())
	}
}

func TestHistoryComesInPieces(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "events")
		all := make([]workflow.Event, n)
		for i := range all {
			all[i] = workflow.Event{ID: int64(i) + 1, Type: "TaskScheduled", Time: after(float64(i))}
		}
		s := NewStore()
		var known []int64
		for range rapid.IntRange(1, 8).Draw(t, "pieces") {
			from := rapid.IntRange(0, n).Draw(t, "from")
			to := rapid.IntRange(from, n).Draw(t, "to")
			before, _ := s.History(arn("a"))
			copied := slices.Clone(before)
			s.Apply(HistoryRead{Feed: PositionsFeed, ARN: arn("a"), Events: all[from:to], At: after(1)})
			if !slices.Equal(before, copied) {
				t.Fatal("events that were handed out have changed")
			}
			for _, e := range all[from:to] {
				known = append(known, e.ID)
			}
		}
		slices.Sort(known)
		known = slices.Compact(known)
		events, complete := s.History(arn("a"))
		var got []int64
		for _, e := range events {
			got = append(got, e.ID)
		}
		if !slices.Equal(got, known) {
			t.Fatalf("events %v, want %v", got, known)
		}
		want := len(known) > 0 && known[0] == 1 && known[len(known)-1] == int64(len(known))
		if complete != want {
			t.Fatalf("complete = %v for %v", complete, known)
		}
	})
}

func TestOldHistoriesAreDropped(t *testing.T) {
	t.Parallel()
	s := NewStore()
	for i := range mostHistories + 1 {
		s.Apply(HistoryRead{Feed: PositionsFeed, ARN: arn(fmt.Sprint(i)), Events: waiting(fmt.Sprint(i)), At: after(float64(i))})
	}
	if events, _ := s.History(arn("0")); len(events) != 0 {
		t.Error("the oldest history is still kept")
	}
	if e := execution(t, s, "0"); e.Input != "" || e.UserID != "Burger_20" {
		t.Errorf("input %q, user %q; want only what was read from it", e.Input, e.UserID)
	}
	if e := execution(t, s, "1"); e.Input == "" {
		t.Error("the input of a kept history is gone")
	}
}

func TestAFailedPollKeepsWhatIsKnown(t *testing.T) {
	t.Parallel()
	forbidden := &workflow.Problem{Kind: workflow.Forbidden, Operation: "sqs:GetQueueAttributes"}
	read := QueueRead{Role: OrderQueue, Queue: workflow.Queue{Name: "OrderQueue", Visible: 12}, At: after(10)}
	failed := func(err error, at float64) Change { return FeedFailed{Feed: OrderQueueFeed, Err: err, At: after(at)} }
	for name, test := range map[string]struct {
		changes   []Change
		condition Condition
		visible   int
		since     time.Time
	}{
		"nothing yet":             {nil, Loading, 0, time.Time{}},
		"read":                    {[]Change{read}, Current, 12, time.Time{}},
		"never read":              {[]Change{failed(errors.New("no route"), 1), failed(errors.New("no route"), 2)}, Failing, 0, after(1)},
		"failed since":            {[]Change{read, failed(errors.New("no route"), 15), failed(errors.New("no route"), 20)}, Stale, 12, after(15)},
		"forbidden":               {[]Change{read, failed(forbidden, 15)}, NoPermission, 12, after(15)},
		"read again":              {[]Change{failed(forbidden, 1), read}, Current, 12, time.Time{}},
		"failure of an older one": {[]Change{read, failed(forbidden, 5)}, Current, 12, time.Time{}},
		"answer of an older one":  {[]Change{read, QueueRead{Role: OrderQueue, At: after(5)}}, Current, 12, time.Time{}},
	} {
		s := NewStore()
		s.Apply(test.changes...)
		queue, fresh := s.Queue(OrderQueue)
		if fresh.Condition() != test.condition || queue.Visible != test.visible || !fresh.FailedSince.Equal(test.since) {
			t.Errorf("%s: condition %d, %d visible, failed since %v", name, fresh.Condition(), queue.Visible, fresh.FailedSince)
		}
	}
}

func TestDeadLettersBelongToOneInspection(t *testing.T) {
	t.Parallel()
	s := NewStore()
	letter := func(id string) workflow.DeadLetter {
		return workflow.Judge(workflow.Message{ID: workflow.MessageID(id), Body: []byte("x"), Sent: day()}, workflow.Queue{}, workflow.Queue{Retention: time.Hour})
	}
	s.Apply(listed(day(), over("b", workflow.Failed, after(1))))
	s.Apply(InspectionStarted{after(2)}, DeadLettersRead{[]workflow.DeadLetter{letter("a"), letter("b")}, after(3)}, DeadLettersRead{[]workflow.DeadLetter{letter("a")}, after(4)})
	if n := s.DeadLetters().Len(); n != 2 {
		t.Fatalf("%d dead letters, want 2", n)
	}
	if a, b := order(t, s, "a"), order(t, s, "b"); a.Where != "dead letter" || b.Where != "failed, dead letter" {
		t.Errorf("where: %q and %q", a.Where, b.Where)
	}
	if at := s.Inspected(); !at.Equal(after(4)) {
		t.Errorf("inspected at %v", at)
	}
	s.Apply(InspectionStarted{after(6)})
	if n := s.DeadLetters().Len(); n != 0 {
		t.Errorf("a new inspection shows %d letters of the old one", n)
	}
	if _, ok := s.Orders().Get("a"); ok {
		t.Error("an order that only a forgotten dead letter told of is still there")
	}
	if b := order(t, s, "b"); b.Where != "failed" {
		t.Errorf("where: %q", b.Where)
	}
}

func TestSessionListsAreBounded(t *testing.T) {
	t.Parallel()
	s := NewStore()
	for i := range mostRemembered + 5 {
		s.Apply(Did{workflow.Record{At: day(), Verb: fmt.Sprint(i)}}, Submitted{workflow.Submission{At: day(), Outcome: workflow.Undone}})
	}
	activity := s.Activity()
	if len(activity) != mostRemembered || activity[0].Verb != "1004" || len(s.Submissions()) != mostRemembered {
		t.Errorf("%d records, newest %q, %d submissions", len(activity), activity[0].Verb, len(s.Submissions()))
	}
	if n := s.Orders().Len(); n != 0 {
		t.Errorf("submissions that failed made %d orders", n)
	}
}

func TestALateRowDoesNotOverruleANewerOne(t *testing.T) {
	t.Parallel()
	key := workflow.RowKey{UserID: "u", ID: "a"}
	s := NewStore()
	s.Apply(RowsRead{Rows: []workflow.Row{{RowKey: key, Status: workflow.Success}}, At: after(5)})
	s.Apply(RowsPage{Rows: []workflow.Row{{RowKey: key, Status: workflow.Pending}}, At: after(4)})
	s.Apply(RowsRead{Asked: []workflow.RowKey{key}, At: after(3)})
	if o := order(t, s, "a"); o.RowStatus() != workflow.Success || o.Missing {
		t.Errorf("row %q, missing %v", o.RowStatus(), o.Missing)
	}
	s.Apply(RowsRead{Asked: []workflow.RowKey{key}, At: after(6)})
	if _, ok := s.Orders().Get("a"); ok {
		t.Error("an order of which there is no row any more is still there")
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	s := NewStore()
	early := running("early")
	early.Started = day().Add(-time.Hour)
	late := running("late")
	late.Started = after(130)
	s.Apply(listed(day(), early, running("a"), running("b")))
	s.Apply(listed(after(131), late, over("a", workflow.Succeeded, after(70)), over("b", workflow.Failed, after(71))))
	s.Apply(listed(after(132), over("a", workflow.Succeeded, after(70))))
	got := s.Rates(after(150))
	if !slices.Equal(got.Started, []float64{2, 0, 1}) || !slices.Equal(got.Finished, []float64{0, 1, 0}) || !slices.Equal(got.Failed, []float64{0, 1, 0}) {
		t.Errorf("rates %+v", got)
	}
	if n := len(s.Rates(day().Add(5 * time.Hour)).Started); n != rateMinutes {
		t.Errorf("%d minutes, want %d", n, rateMinutes)
	}
}
