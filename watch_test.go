package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/aws/local"
	"orderops/aws/local/wire"
)

// only fails if the operator asked for anything else than the actions.
func only(t *testing.T, where string, calls map[string]int, actions ...string) {
	t.Helper()
	for action, n := range calls {
		if !slices.Contains(actions, action) {
			t.Errorf("%s: %d × %s, which is not on the screen", where, n, action)
		}
	}
}

// calm are enough frames per second where hours pass.
const calm = 3

const (
	queueReads = "sqs:GetQueueAttributes"
	receives   = "sqs:ReceiveMessage"
	logReads   = "logs:FilterLogEvents"
)

// TestNoCallForWhatIsNotShown stays a while on each screen, with orders under way.
func TestNoCallForWhatIsNotShown(t *testing.T) {
	t.Parallel()
	histories := []string{"states:GetExecutionHistory", "states:DescribeExecution"}
	overview := []string{
		queueReads, "sqs:ListMessageMoveTasks", "sns:GetTopicAttributes", "states:ListExecutions", logReads,
		"lambda:ListEventSourceMappings", "lambda:GetFunctionConfiguration", "cloudwatch:GetMetricData", "dynamodb:BatchGetItem",
	}
	orders := []string{queueReads, "states:ListExecutions", logReads, "dynamodb:BatchGetItem"}
	executions := []string{queueReads, "states:ListExecutions", logReads}
	for _, test := range []struct {
		screen, name string
		calls        []string
		silent       bool
	}{
		{"1", "Overview", overview, false},
		{"2", "Orders", orders, false},
		{"3", "Executions", executions, false},
		{"1", "Overview, nothing in the log", slices.Concat(overview, histories), true},
		{"2", "Orders, nothing in the log", slices.Concat(orders, histories), true},
		{"3", "Executions, nothing in the log", slices.Concat(executions, histories), true},
		{"4", "Dead letters", []string{queueReads, "sqs:ListMessageMoveTasks"}, false},
		{"5", "Submit", []string{queueReads}, false},
		{"6", "Activity", []string{queueReads}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := open(t, setting{fps: calm, w: 120, h: 40, silent: test.silent})
				s.pass(2 * time.Second)
				s.send(order("Pizza_7", 2, "Restaurant 1"), order("Burger_20", 3, "Restaurant 4"), "not json")
				s.press(test.screen)
				s.pass(time.Second)
				if test.screen == "5" {
					s.press("esc") // to be able to leave
				}
				calls := s.calls(func() { s.pass(time.Minute) })
				only(t, test.name, calls, test.calls...)
				for _, action := range test.calls {
					if calls[action] == 0 {
						t.Errorf("%s was never asked for, but should be shown", action)
					}
				}
			})
		})
	}
}

// TestSubmitWatchesWhatWasSent: what became of an order is shown, and asked for.
func TestSubmitWatchesWhatWasSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{fps: calm})
		s.pass(2 * time.Second)
		s.press("5")
		s.enter("Burger_20")
		s.press("tab", "3", "tab")
		s.enter("Restaurant 4")
		s.press("enter", "enter")
		s.pass(10 * time.Second)
		s.shows("Wait30Seconds")
		s.pass(time.Minute)
		s.shows("succeeded")
		// All is known then, but for the list that tells of anything new.
		only(t, "afterwards", s.calls(func() { s.pass(5 * time.Minute) }), queueReads, "states:ListExecutions", logReads)
	})
}

// deadLetters is how many messages of the dead-letter queue can be received.
func (s *stage) deadLetters() string {
	s.t.Helper()
	out, err := sqs.NewFromConfig(s.producer()).GetQueueAttributes(s.t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: s.queueURL("OrderDeathLetterQueue"), AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameAll},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprintf("%s visible, %s hidden", out.Attributes["ApproximateNumberOfMessages"], out.Attributes["ApproximateNumberOfMessagesNotVisible"])
}

// TestDeadLettersAreLeased wants them received on request only, kept while they
// are looked at, and given back by every way of leaving.
func TestDeadLettersAreLeased(t *testing.T) {
	t.Parallel()
	for _, leave := range []struct {
		name string
		by   func(s *stage)
	}{
		{"another screen", func(s *stage) { s.press("1") }},
		{"back", func(s *stage) { s.press("esc") }},
		{"quit", func(s *stage) { s.press("q") }},
		{"interrupt", func(s *stage) { s.press("ctrl+c") }},
		{"idle", func(s *stage) { s.pass(12 * time.Minute) }},
		{"idle elsewhere", func(s *stage) {
			s.program.Send(tea.BlurMsg{})
			s.pass(12 * time.Minute)
		}},
	} {
		t.Run(leave.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := open(t, setting{fps: calm, w: 120, h: 40})
				s.pass(2 * time.Second)
				s.sendTo("OrderDeathLetterQueue", nil, "a", "b", order("Burger_20", 3, "Restaurant 4"))
				looking := s.calls(func() {
					for _, screen := range []string{"2", "3", "4", "6", "4"} {
						s.press(screen)
						s.pass(30 * time.Second)
					}
					s.press("i", "esc", "i") // the plan alone receives nothing
				})
				if n := looking[receives]; n != 0 || s.deadLetters() != "3 visible, 0 hidden" {
					t.Fatalf("%d receives without asking; %s", n, s.deadLetters())
				}
				s.press("tab", "enter")
				s.pass(3 * time.Second)
				s.shows("malformed", "safe", "lease")
				if got := s.deadLetters(); got != "0 visible, 3 hidden" {
					t.Fatalf("inspected: %s", got)
				}
				for range 4 { // longer than a lease: it is renewed
					s.pass(50 * time.Second)
					s.press("down")
				}
				if got := s.deadLetters(); got != "0 visible, 3 hidden" {
					t.Fatalf("while looking: %s", got)
				}
				leave.by(s)
				s.pass(time.Second)
				if got := s.deadLetters(); got != "3 visible, 0 hidden" {
					t.Errorf("after leaving: %s", got)
				}
			})
		})
	}
}

// TestReadOnlyLooks wants a read-only session to watch and to change nothing.
func TestReadOnlyLooks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{fps: calm, w: 120, h: 40, readOnly: true})
		s.pass(2 * time.Second)
		s.shows("READ-ONLY")
		s.sendTo("OrderDeathLetterQueue", nil, "a")
		s.start(1)
		calls := s.calls(func() {
			s.press("4", "i")
			s.shows("read-only")
			s.press("tab", "enter", "esc", "4", "R", "m")
			s.shows("read-only")
			s.press("enter", "3")
			s.pass(6 * time.Second)
			s.press("x")
			s.shows("read-only")
			s.press("tab", "enter", "esc", "5")
			s.enter("Burger_20")
			s.press("tab", "3", "tab")
			s.enter("Restaurant 4")
			s.press("enter", "enter")
			s.pass(10 * time.Second)
		})
		for action := range calls {
			if !regexp.MustCompile(`:(Get|List|Describe|BatchGet|FilterLogEvents$)`).MatchString(action) {
				t.Errorf("%s in a read-only session", action)
			}
		}
	})
}

// TestCallsDoNotGrow compares the calls per minute with few and with many
// executions parked in their Wait, once it is known where they are.
func TestCallsDoNotGrow(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]setting{
		"told by the log":        {wait: 24 * time.Hour},
		"nothing in the log":     {wait: 24 * time.Hour, silent: true},
		"begun before the start": {wait: 24 * time.Hour, begun: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			callsDoNotGrow(t, set)
		})
	}
}

func callsDoNotGrow(t *testing.T, set setting) {
	t.Helper()
	set.fps, set.w, set.h = calm, 120, 40
	measure := func(t *testing.T, n int) map[string]map[string]int {
		t.Helper()
		measured := map[string]map[string]int{}
		synctest.Test(t, func(t *testing.T) {
			set := set
			if set.begun {
				set.running = n
			}
			s := open(t, set)
			s.pass(3 * time.Second)
			if !set.begun {
				s.start(n)
			}
			for _, place := range []struct{ name, key string }{{"Overview", "1"}, {"Orders", "2"}, {"Executions", "3"}, {"an execution", "enter"}} {
				s.press(place.key)
				s.pass(75 * time.Second) // fifty executions are located, one a second
				measured[place.name] = s.calls(func() { s.pass(2 * time.Minute) })
				withinShare(t, place.name, measured[place.name], 2*time.Minute)
				if place.key == "1" && !set.silent && strings.Contains(s.screen.Text(), "not located") {
					t.Errorf("the log does not tell where all are:\n%s", s.screen.Text())
				}
			}
			s.shows("RUNNING", "Wait30Seconds")
		})
		return measured
	}
	few, many := measure(t, 10), measure(t, 1000)
	for place, calls := range few {
		for action := range maps.Keys(calls) {
			// A poll more or less is where the minutes were cut.
			if more := many[place][action] - calls[action]; more > 2 || more < -2 {
				t.Errorf("%s: %d × %s with 10 executions, %d with 1,000", place, calls[action], action, many[place][action])
			}
		}
		only(t, place, many[place], slices.Collect(maps.Keys(calls))...)
	}
}

// withinShare fails if an API was asked for more than a tenth of what AWS gives
// back in the region (Step Functions' published buckets; assumed for the others).
func withinShare(t *testing.T, where string, calls map[string]int, during time.Duration) {
	t.Helper()
	refill := map[string]float64{ // calls per second in us-east-1
		"states:ListExecutions": 5, "states:DescribeExecution": 15, "states:GetExecutionHistory": 20, "states:DescribeStateMachine": 20,
		logReads: 10, "cloudwatch:GetMetricData": 50, queueReads: 10, "sqs:ListMessageMoveTasks": 10, "dynamodb:BatchGetItem": 20,
	}
	for action, n := range calls {
		rate := refill[action]
		if rate == 0 {
			rate = 2
		}
		if most := rate / 10 * during.Seconds(); float64(n) > most {
			t.Errorf("%s: %d × %s in %s, of which a tenth of the quota is %.0f", where, n, action, during, most)
		}
	}
}

// TestQuietWhenNobodyLooks: without the focus and without a key for minutes,
// only the two queues are read, once a minute. With a key it wakes up at once.
func TestQuietWhenNobodyLooks(t *testing.T) {
	t.Parallel()
	for _, place := range [][]string{{"1"}, {"2"}, {"3"}, {"3", "enter"}, {"4"}, {"6"}} {
		t.Run(strings.Join(place, " "), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := open(t, setting{fps: calm, w: 120, h: 40, wait: time.Hour})
				s.pass(2 * time.Second)
				s.start(5)
				s.pass(20 * time.Second)
				s.press(place...)
				s.program.Send(tea.BlurMsg{})
				s.pass(3 * time.Minute)
				calls := s.calls(func() { s.pass(10 * time.Minute) })
				only(t, "quiet", calls, queueReads)
				if n := calls[queueReads]; n < 18 || n > 20 {
					t.Errorf("%d reads of the two queues in ten minutes", n)
				}
				s.program.Send(tea.FocusMsg{})
				calls = s.calls(func() { s.pass(10 * time.Second) })
				if n := calls[queueReads]; n < 4 || n > 6 {
					t.Errorf("%d reads of the two queues in ten seconds after the focus came back", n)
				}
			})
		})
	}
}

// nap is a message at which the whole program stands still, as it does while a
// laptop sleeps.
type nap time.Duration

// TestNoBurstAfterASleep: what fell due during a long time is asked for once.
func TestNoBurstAfterASleep(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{fps: calm, w: 120, h: 40, wait: time.Minute})
		s.pass(2 * time.Second)
		s.start(5)
		s.press("3", "enter")
		s.pass(5 * time.Second)
		usual := s.calls(func() { s.pass(10 * time.Second) })
		s.program.Send(nap(20 * time.Minute))
		s.pass(20*time.Minute - time.Second)
		if during := s.calls(func() { s.pass(500 * time.Millisecond) }); len(during) > 0 {
			t.Fatalf("the program was not asleep: %v", during)
		}
		after := s.calls(func() { s.pass(10 * time.Second) })
		for action, n := range after {
			if n > usual[action]+3 {
				t.Errorf("%d × %s in the ten seconds after a sleep; usually %d", n, action, usual[action])
			}
		}
		s.shows("SUCCEEDED") // and the picture is current
		s.hides("stale", "no answer")
	})
}

// TestAFailedPollKeepsTheRows refuses each read in turn, in three ways. What was
// there stays, the screen names what is wrong, and all comes back by itself.
func TestAFailedPollKeepsTheRows(t *testing.T) {
	t.Parallel()
	ways := map[string]struct {
		refuse func(local.Call) *wire.Error
		says   string
	}{
		"throttled": {local.Call.Throttled, "throttled"},
		"forbidden": {func(c local.Call) *wire.Error { return c.Denied("*") }, "no permission"},
		"broken": {func(local.Call) *wire.Error {
			return &wire.Error{Status: 503, Type: "ServiceUnavailable", Message: "down"}
		}, "stale since"},
	}
	for _, read := range []struct {
		action string
		place  []string
		rows   []string // what must stay
		quiet  bool     // nothing is said: what is shown is not wrong
		pace   time.Duration
	}{
		{"states:ListExecutions", []string{"3"}, []string{"▷ RUNNING", "■ ABORTED", "Burger_2"}, false, 0},
		{"states:ListExecutions", []string{"2"}, []string{"▷ in Wait30Seconds", "■ aborted", "○ PENDING", "Burger_1"}, false, 0},
		{"dynamodb:BatchGetItem", []string{"2"}, []string{"▷ in Wait30Seconds", "■ aborted", "○ PENDING", "Burger_1"}, false, 0},
		{"states:GetExecutionHistory", []string{"3", "G", "enter"}, []string{"✓ SaveOrder", "✓ ProcessPayment", "▷ Wait30Seconds"}, false, 0},
		{"states:DescribeExecution", []string{"3"}, []string{"▷ RUNNING", "■ ABORTED", "Burger_2"}, true, 70 * time.Second},
		{logReads, []string{"3"}, []string{"▷ RUNNING", "■ ABORTED", "Burger_2"}, true, 70 * time.Second},
		{"lambda:ListEventSourceMappings", []string{"1"}, []string{"OrderConsumer"}, true, 70 * time.Second},
		{"cloudwatch:GetMetricData", []string{"1"}, []string{"accepted"}, false, 70 * time.Second},
		{"sqs:GetQueueAttributes", []string{"1"}, []string{"OrderQueue", "0 waiting", "☠ 1 dead letter"}, false, 0},
		{"sqs:GetQueueAttributes", []string{"4"}, []string{"at most 1 dead letter"}, false, 0},
		{"sqs:ListMessageMoveTasks", []string{"4"}, []string{"COMPLETED", "1 of about 1 moved"}, false, 0},
		{"sns:GetTopicAttributes", []string{"1"}, []string{"✉ 1 confirmed"}, true, 70 * time.Second},
	} {
		t.Run(read.action+" "+strings.Join(read.place, " "), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				// Executions are described only if the log does not tell whose they are.
				s := open(t, setting{fps: calm, w: 120, h: 24, wait: 15 * time.Minute, silent: read.action == "states:DescribeExecution"})
				s.pass(2 * time.Second)
				s.prepare()
				s.press(read.place...)
				s.pass(15 * time.Second)
				s.shows(read.rows...)
				for name, way := range ways {
					t.Log(name)
					s.refusing(func(call local.Call) *wire.Error {
						if call.Action() != read.action {
							return nil
						}
						return way.refuse(call)
					})
					s.start(1) // news, so that there is something to ask for
					s.pass(max(read.pace, 20*time.Second))
					if s.refusals() == 0 {
						t.Error("nothing was refused")
					}
					s.shows(read.rows...)
					if !read.quiet {
						s.shows(way.says)
					}
					s.refusing(nil)
					s.recovers()
					s.shows(read.rows...)
				}
			})
		})
	}
}

// recovers waits until nothing is wrong on the screen any more.
func (s *stage) recovers() {
	s.t.Helper()
	for range 70 { // the longest pause between two tries is a minute
		s.pass(time.Second)
		seen := s.screen.Text()
		if !slices.ContainsFunc([]string{"stale since", "no permission", "not answered", "no answer"}, func(text string) bool {
			return strings.Contains(seen, text)
		}) {
			return
		}
	}
	s.t.Errorf("it does not recover:\n%s", s.screen.Text())
}

// prepare makes an execution that waits, one that was stopped, a dead letter and
// a move task that is done.
func (s *stage) prepare() {
	s.t.Helper()
	queue := "arn:aws:sqs:" + s.cloud.Region() + ":" + s.cloud.Account() + ":"
	s.sendTo("OrderDeathLetterQueue", nil, "not json")
	_, err := sqs.NewFromConfig(s.producer()).StartMessageMoveTask(s.t.Context(), &sqs.StartMessageMoveTaskInput{
		SourceArn: awssdk.String(queue + "OrderDeathLetterQueue"), DestinationArn: awssdk.String(queue + "OrderQueue"),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.send(order("Burger_1", 1, "Restaurant 1"))
	s.pass(2 * time.Second)
	s.send(order("Burger_2", 2, "Restaurant 2"))
	s.pass(2 * time.Second)
	s.stop()
	s.pass(30 * time.Second) // three receives, and it is a dead letter again
}
