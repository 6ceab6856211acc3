package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http/httptest"
	"regexp"
	"slices"
	"sync/atomic"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/aws/deploy"
	"orderops/aws/function"
	"orderops/aws/local"
	"orderops/ui/termtest/ptytest"
)

// accident is an order system that treats orders badly, by their users, until
// it is repaired. It listens for a program in a process of its own.
type accident struct {
	server
	repaired atomic.Bool
}

func newAccident(t *testing.T) *accident {
	t.Helper()
	a := &accident{}
	listener := httptest.NewUnstartedServer(nil)
	a.url = "http://" + listener.Listener.Addr().String()
	cloud := local.New(local.Options{URL: a.url})
	listener.Config.Handler = cloud.Handler()
	listener.Start()
	t.Cleanup(func() {
		cloud.Close()
		listener.Close()
	})
	functions := awssdk.Config{Region: "us-east-1", BaseEndpoint: &a.url, HTTPClient: cloud.HTTPClient(), Credentials: credentials.NewStaticCredentialsProvider("F", "s", "")}
	parameters := map[string]string{"WaitSeconds": "1", "FunctionTimeoutSeconds": "1", "VisibilityTimeoutSeconds": "2"}
	err := deploy.Local(cloud, parameters, func(kind string, environment map[string]string) (function.Function, error) {
		environment["PAYMENT_FAILURE_RATE"], environment["RESTAURANT_FAILURE_RATE"] = "0", "0"
		f, err := function.Handler(kind, functions, environment)
		return func(ctx context.Context, payload []byte) ([]byte, error) {
			hit := func(part, user string) bool {
				return kind == part && !a.repaired.Load() && bytes.Contains(payload, []byte(user))
			}
			switch {
			case hit(function.Consumer, "Outage_"):
				return nil, errors.New("the consumer is down")
			case hit(function.Payment, "Broken_"):
				return nil, errors.New("the payment step is broken")
			}
			answer, err := f(ctx, payload)
			// What is not delivered twice is no dead letter, however it ends.
			if hit(function.Consumer, "Late_") || hit(function.Consumer, "Broken_") {
				return nil, errors.New("the consumer was cut off after its work")
			}
			return answer, err
		}, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// executions are the statuses of all executions by name.
func (a *accident) executions(t *testing.T) map[string]string {
	t.Helper()
	machines, err := a.sfn().ListStateMachines(t.Context(), &sfn.ListStateMachinesInput{})
	if err != nil {
		t.Fatal(err)
	}
	list, err := a.sfn().ListExecutions(t.Context(), &sfn.ListExecutionsInput{StateMachineArn: machines.StateMachines[0].StateMachineArn})
	if err != nil {
		t.Fatal(err)
	}
	statuses := map[string]string{}
	for _, e := range list.Executions {
		statuses[*e.Name] = string(e.Status)
	}
	return statuses
}

func orderOf(user string) string {
	return `{"data":{"user_id":"` + user + `","quantity":"3","restaurant_id":"Restaurant 4"}}`
}

// After an accident the operator finds five kinds of dead letters, each judged
// for what it is, and deals with each as it should be: what is safe is redriven,
// what came back is redriven knowingly, what failed goes on where it broke, and
// what is done or can't be read is deleted. Every order is made once.
func TestTerminalFiveKindsOfDeadLetters(t *testing.T) {
	t.Parallel()
	a := newAccident(t)
	a.send(t, "OrderQueue", malformed, nil)
	outage := *a.send(t, "OrderQueue", orderOf("Outage_1"), nil).MessageId
	processed := *a.send(t, "OrderQueue", orderOf("Late_1"), nil).MessageId
	broken := *a.send(t, "OrderQueue", orderOf("Broken_1"), nil).MessageId
	// As the redrive of an order sends it whose first life ended the same way.
	text := func(s string) types.MessageAttributeValue {
		return types.MessageAttributeValue{DataType: awssdk.String("String"), StringValue: &s}
	}
	const bounced = "11111111-2222-4333-8444-555555555555"
	a.send(t, "OrderQueue", orderOf("Outage_2"), map[string]types.MessageAttributeValue{
		"order_id": text(bounced), "original_message_id": text(bounced), "redrives": text("1"), "redriven_by": text("ada"),
	})
	eventually(t, "five dead letters", func() bool { return a.counts(t, "OrderDeathLetterQueue").visible == 5 })
	eventually(t, "end of both executions", func() bool {
		return maps.Equal(a.executions(t), map[string]string{processed: "SUCCEEDED", broken: "FAILED"})
	})
	a.repaired.Store(true)

	p := start(t, 120, 40, "--endpoint-url", a.url)
	p.WaitFor("OrderStateMachine")
	p.Key("4")
	p.WaitFor("Nothing has been received")
	p.Key("i")
	p.WaitFor("receive counts")
	p.WaitFor("[ cancel ]")
	p.Key("y")
	for _, verdict := range []string{"malformed", "safe", "already processed", "execution failed", "bounced ×1"} {
		p.WaitMatch(`│.*` + verdict + ` `)
	}
	straight(t, p)

	filters(p, "verdict:safe", "1 of 5")
	p.Key("R")
	p.WaitFor("Redrive 1 message")
	p.WaitFor("[ cancel ]")
	p.Key("y")
	p.WaitMatch(`redrive done.*1 succeeded`)
	p.Key("esc")
	p.WaitFor("Dead letters (4)") // the effect of esc comes before the next key

	deletes(p, "verdict:malformed", "1 of 4", 1)
	p.Key("esc")
	p.WaitFor("Dead letters (3)")
	redrivesTheExecution(p)

	p.Key("4")
	p.WaitFor("given back")
	p.Key("i")
	p.WaitUntil("two orders that are done", func() bool { return rows(p, `already processed +\d`) == 2 })
	filters(p, "verdict:bounced", "1 of 3")
	p.Key("I")
	p.WaitFor("type what may come of it")
	p.Type("fails again")
	p.WaitFor("✓ fails again")
	p.Key("enter")
	p.WaitMatch(`redrive done.*1 succeeded`)
	p.Key("esc")
	p.WaitFor("Dead letters (2)")
	deletes(p, "verdict:processed", "Dead letters (2)", 2)
	straight(t, p)

	if got := a.counts(t, "OrderDeathLetterQueue"); got != (counts{}) {
		t.Errorf("%+v dead letters are left", got)
	}
	want := map[string]string{}
	for _, id := range []string{outage, processed, broken, bounced} {
		want[id] = "SUCCEEDED"
	}
	if got := a.executions(t); !maps.Equal(got, want) {
		t.Errorf("executions %v, want one for each of %v", got, slices.Sorted(maps.Keys(want)))
	}
	p.Key("ctrl+c")
	endsWell(t, p, 0)
}

// filters narrows the list.
func filters(p *ptytest.Term, filter, count string) {
	p.Key("/")
	p.WaitUntil("a filter to type into", func() bool { return p.State().CursorVisible })
	p.Type(filter)
	p.WaitFor(count)
	p.Key("enter")
	p.WaitUntil("end of typing", func() bool { return !p.State().CursorVisible })
}

// rows counts the rows of the list that match.
func rows(p *ptytest.Term, pattern string) int {
	return len(regexp.MustCompile(pattern).FindAllString(p.Text(), -1))
}

// deletes deletes the n letters that the filter lets through.
func deletes(p *ptytest.Term, filter, count string, n int) {
	filters(p, filter, count)
	p.Key("ctrl+a", "d")
	p.WaitFor(fmt.Sprintf("Delete %d message", n))
	p.Type("OrderDeathLetterQueue")
	p.WaitFor("✓ OrderDeath")
	p.Key("enter")
	p.WaitFor("delete done")
}

func redrivesTheExecution(p *ptytest.Term) {
	p.Key("3")
	p.WaitFor("✗ FAILED")
	filters(p, "status:failed", "(1 of ")
	p.Key("R")
	p.WaitFor("Redrive 1 execution")
	p.WaitFor("[ cancel ]")
	p.Key("y")
	p.WaitGone("✗ FAILED")
	p.Key("esc")
	p.WaitUntil("three orders that are done", func() bool { return rows(p, `✓ SUCCEEDED [0-9a-f]{6}…`) == 3 })
}
