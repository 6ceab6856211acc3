package monitor

import (
	"slices"
	"testing"
	"time"

	"orderops/workflow"
)

func TestInterestInVisibleExecutions(t *testing.T) {
	t.Parallel()
	visible := Shown{VisibleExecutions: []workflow.ExecutionARN{arn("a"), arn("gone")}}
	ended := append(waiting("a"), workflow.Event{ID: 5, PreviousID: 4, Type: "ExecutionFailed", Error: "E", Time: after(9)})
	defined := DefinitionRead{Machine: machine(), At: day()}
	atWait := HistoryRead{Feed: PositionsFeed, ARN: arn("a"), Events: waiting("a"), At: after(3)}
	for name, test := range map[string]struct {
		changes   []Change
		positions bool
		details   bool
		wake      time.Time
	}{
		"only listed":        {[]Change{listed(after(1), running("a"))}, true, true, time.Time{}},
		"input known":        {[]Change{listed(after(1), running("a")), atWait}, true, false, time.Time{}},
		"parked in a wait":   {[]Change{defined, listed(after(1), running("a")), atWait}, false, false, after(32)},
		"ended well":         {[]Change{atWait, listed(after(9), over("a", workflow.Succeeded, after(8)))}, false, false, time.Time{}},
		"failed, unknown":    {[]Change{atWait, listed(after(9), over("a", workflow.Failed, after(8)))}, true, true, time.Time{}},
		"failed, and placed": {[]Change{listed(after(9), over("a", workflow.Failed, after(9))), HistoryRead{Feed: PositionsFeed, ARN: arn("a"), Events: ended, At: after(10)}}, false, false, time.Time{}},
		"expired at AWS": {[]Change{
			listed(after(9), over("a", workflow.Failed, after(9))),
			FeedFailed{Feed: DetailsFeed, ARN: arn("a"), Err: &workflow.Problem{Kind: workflow.NotFound}, At: after(10)},
		}, false, false, time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := NewStore()
			s.Apply(test.changes...)
			in := s.Interest(visible, after(20))
			if slices.Contains(in.Positions, arn("a")) != test.positions || slices.Contains(in.Details, arn("a")) != test.details || !in.Wake.Equal(test.wake) {
				t.Errorf("positions %v, details %v, wake %v", in.Positions, in.Details, in.Wake)
			}
			if s.Freshness(DetailsFeed).Err != nil {
				t.Error("one execution that is gone makes the feed fail")
			}
		})
	}
}

func TestInterestInTheOpenExecution(t *testing.T) {
	t.Parallel()
	s := NewStore()
	open := Shown{Open: arn("a"), VisibleExecutions: []workflow.ExecutionARN{arn("a")}}
	if in := s.Interest(open, day()); in.After != 0 || in.Settled || !slices.Contains(in.Details, arn("a")) {
		t.Errorf("unknown: %+v", in)
	}
	s.Apply(HistoryRead{Feed: HistoryFeed, ARN: arn("a"), Events: waiting("a"), At: after(3)})
	if in := s.Interest(open, after(3)); in.After != 4 || in.Settled || len(in.Positions) != 0 {
		t.Errorf("running: %+v", in)
	}
	s.Apply(HistoryRead{Feed: PositionsFeed, ARN: arn("a"), Events: []workflow.Event{{ID: 6, Type: "ExecutionSucceeded", Time: after(9)}}, At: after(9)})
	if in := s.Interest(open, after(9)); in.After != 4 || in.Settled {
		t.Errorf("ended with a gap: %+v", in)
	}
	s.Apply(HistoryRead{Feed: HistoryFeed, ARN: arn("a"), Events: []workflow.Event{{ID: 5, Type: "WaitStateExited"}}, At: after(10)})
	if in := s.Interest(open, after(10)); in.After != 6 || !in.Settled || !slices.Contains(in.Details, arn("a")) {
		t.Errorf("ended: %+v", in)
	}
	s.Apply(ExecutionRead{Execution: over("a", workflow.Succeeded, after(9)), At: after(11)})
	if in := s.Interest(open, after(11)); len(in.Details) != 0 {
		t.Errorf("described at its end: %+v", in)
	}
}

func TestInterestInRows(t *testing.T) {
	t.Parallel()
	key := workflow.RowKey{UserID: "Burger_20", ID: "a"}
	known := HistoryRead{Feed: PositionsFeed, ARN: arn("a"), Events: waiting("a"), At: after(3)}
	row := func(status workflow.OrderStatus, at float64) Change {
		return RowsRead{Asked: []workflow.RowKey{key}, Rows: []workflow.Row{{RowKey: key, Status: status}}, At: after(at)}
	}
	missing := func(at float64) Change { return RowsRead{Asked: []workflow.RowKey{key}, At: after(at)} }
	ended := listed(after(40), over("a", workflow.Succeeded, after(39)))
	for name, test := range map[string]struct {
		changes []Change
		now     float64
		want    bool
		wake    time.Time
	}{
		"user not known":            {[]Change{listed(after(1), running("a"))}, 5, false, time.Time{}},
		"never read":                {[]Change{known}, 5, true, time.Time{}},
		"read":                      {[]Change{known, row(workflow.Pending, 4)}, 60, false, time.Time{}},
		"changed since":             {[]Change{known, row(workflow.Pending, 4), ended}, 41, true, time.Time{}},
		"final":                     {[]Change{known, ended, row(workflow.Success, 41)}, 60, false, time.Time{}},
		"pending right after":       {[]Change{known, ended, row(workflow.Pending, 41)}, 42, false, after(49)},
		"pending, settled by now":   {[]Change{known, ended, row(workflow.Pending, 41)}, 49, true, time.Time{}},
		"pending for good":          {[]Change{known, ended, row(workflow.Pending, 49)}, 99, false, time.Time{}},
		"not there yet":             {[]Change{known, missing(4)}, 5, false, after(9)},
		"not there, look again":     {[]Change{known, missing(4)}, 9, true, time.Time{}},
		"not there long after":      {[]Change{known, ended, missing(60)}, 99, false, time.Time{}},
		"submitted, but no run yet": {[]Change{Submitted{workflow.Submission{At: day(), OrderID: "a", Body: []byte(`{"data":{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}}`)}}}, 5, false, time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := NewStore()
			s.Apply(test.changes...)
			in := s.Interest(Shown{VisibleOrders: []workflow.OrderID{"a"}}, after(test.now))
			if slices.Contains(in.Rows, key) != test.want {
				t.Errorf("rows %v", in.Rows)
			}
			if !test.wake.IsZero() && !in.Wake.Equal(test.wake) {
				t.Errorf("wake %v, want %v", in.Wake, test.wake)
			}
		})
	}
}

func TestInterestInWhatIsNotVisible(t *testing.T) {
	t.Parallel()
	s := NewStore()
	s.Apply(listed(after(1), running("lost"), over("odd", workflow.Failed, after(1))), listed(after(10), running("seen")))
	if in := s.Interest(Shown{}, after(10)); len(in.Details) != 0 {
		t.Errorf("nothing is shown, but %v is to be described", in.Details)
	}
	if in := s.Interest(Shown{Executions: true}, after(10)); !slices.Equal(in.Details, []workflow.ExecutionARN{arn("odd")}) {
		t.Errorf("details %v, want the failed one", in.Details)
	}
	s.Apply(listed(after(30), running("seen")))
	if in := s.Interest(Shown{Executions: true}, after(30)); !slices.Equal(in.Details, []workflow.ExecutionARN{arn("odd"), arn("lost")}) {
		t.Errorf("details %v, want also the one that the list lost", in.Details)
	}
	s.Apply(ExecutionRead{Execution: running("lost"), At: after(31)})
	if in := s.Interest(Shown{Executions: true}, after(31)); slices.Contains(in.Details, arn("lost")) {
		t.Error("described, and still to be described")
	}
}

func TestARunningMoveIsFollowed(t *testing.T) {
	t.Parallel()
	for status, want := range map[workflow.MoveStatus]bool{
		workflow.MoveRunning: true, workflow.MoveCancelling: true, workflow.MoveCompleted: false, workflow.MoveFailed: false,
	} {
		s := NewStore()
		s.Apply(MovesRead{[]workflow.MoveTask{{Status: status}}, day()})
		if in := s.Interest(Shown{}, day()); in.MoveRunning != want {
			t.Errorf("%s: MoveRunning = %v", status, in.MoveRunning)
		}
	}
}
