package operation_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"orderops/aws/deploy"
	"orderops/aws/execution"
	"orderops/aws/function"
	"orderops/aws/local"
	"orderops/aws/order"
	"orderops/aws/queue"
	"orderops/workflow"
	"orderops/workflow/operation"
	"orderops/workflow/operation/journal"
)

// killedLease is short, because a killed program's messages are waited for in
// real time; where many redrives run side by side, calls take longer.
func killedLease() time.Duration {
	if number("MESSAGES", fewMessages) > fewMessages {
		return 8 * time.Second
	}
	return 5 * time.Second
}

// fewMessages are redriven where nobody asks for more.
const fewMessages = 60

// TestMain is also the program that gets killed.
func TestMain(m *testing.M) {
	if url := os.Getenv("REDRIVE_AT"); url != "" {
		if err := victim(url, os.Getenv("REDRIVE_JOURNAL")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	flag.Parse()
	chosen := false
	flag.Visit(func(f *flag.Flag) { chosen = chosen || f.Name == "rapid.checks" })
	if !chosen {
		_ = flag.Set("rapid.checks", "20") // each is a life of a whole system; make crash draws more
	}
	os.Exit(m.Run())
}

// reach is a client's configuration for the cloud at url.
func reach(url string) awssdk.Config {
	return awssdk.Config{Region: "us-east-1", BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("KEY", "secret", "")}
}

func killable(url string, j *journal.Journal) *operation.Desk {
	d := workflow.Deployment{
		QueueURL: url + "/000000000000/OrderQueue", DeadLetterURL: url + "/000000000000/OrderDeathLetterQueue",
		StateMachineARN: "arn:aws:states:us-east-1:000000000000:stateMachine:OrderStateMachine", Table: "order-table",
	}
	executions := execution.New(reach(url), d.StateMachineARN)
	return operation.NewDesk(d, queue.New(reach(url)), executions, operation.Options{
		Operator: "victim", Journal: j, Rows: order.New(reach(url), d.Table), Describer: plain{executions}, RunLease: killedLease(),
	})
}

// plain tells a missing execution as the session's clients do. They are not used
// here: their budget would make a thousand verdicts take minutes.
type plain struct{ operation.Describer }

func (p plain) Describe(ctx context.Context, arn workflow.ExecutionARN) (workflow.Execution, error) {
	e, err := p.Describer.Describe(ctx, arn)
	if _, missing := errors.AsType[*types.ExecutionDoesNotExist](err); missing {
		return e, &workflow.Problem{Kind: workflow.NotFound, Err: err}
	}
	return e, err
}

// victim is one life of the program: it finishes what broke off, or redrives
// every dead letter.
func victim(url, dir string) error {
	ctx := context.Background()
	j, err := journal.Open(dir)
	if err != nil {
		return err
	}
	desk := killable(url, j)
	open, err := desk.Unfinished()
	if err != nil {
		return err
	}
	var run *operation.Run
	if len(open) > 0 {
		run, _, err = desk.Finish(ctx, open[0].Head.ID, false)
	} else {
		var plan operation.RunPlan
		plan, err = desk.PlanRun(ctx, operation.Selection{
			Do: operation.Redrive, Rate: operation.MostRate, Filter: "everything", Rest: func(workflow.DeadLetter) bool { return true },
			Include: []workflow.Verdict{workflow.Bounced},
		})
		if err == nil {
			run, _, err = desk.Start(ctx, plan, nil)
		}
	}
	if err != nil {
		return err
	}
	err = run.Wait(ctx)
	why := run.LeftOut()
	for _, item := range run.Items() {
		if item.Stage == journal.Pending { // named; the next life looks for it
			delete(why, item.ID)
		}
	}
	if err == nil && len(why) > 0 {
		err = fmt.Errorf("left out: %v", why)
	}
	return err
}

// TestKilled kills the program with SIGKILL at random instants, against a
// server that survives, and starts it again until it is finished. KILLS and
// MESSAGES make it longer; see make crash.
func TestKilled(t *testing.T) {
	t.Parallel()
	kills, messages := number("KILLS", 2), number("MESSAGES", fewMessages)
	for from := 0; from < kills; from += mostKills {
		t.Run(fmt.Sprintf("from kill %d", from+1), func(t *testing.T) {
			t.Parallel() // they mostly wait for leases
			for landed, wanted := 0, min(mostKills, kills-from); landed < wanted && !t.Failed(); {
				landed += killed(t, wanted-landed, messages)
				t.Logf("%d of %d kills", landed, wanted)
			}
		})
	}
}

// mostKills is how often one redrive is killed.
const mostKills = 10

func number(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// killed redrives messages once, with so many kills at most, and tells how many met
// the program at work.
func killed(t *testing.T, kills, messages int) (landed int) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	url := "http://" + server.Listener.Addr().String()
	cloud := local.New(local.Options{URL: url})
	server.Config.Handler = cloud.Handler()
	server.Start()
	defer cloud.Close()
	defer server.Close()
	functions := awssdk.Config{Region: "us-east-1", HTTPClient: cloud.HTTPClient(), BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("F", "s", "")}
	err := deploy.Local(cloud, map[string]string{"WaitSeconds": "1"}, func(kind string, environment map[string]string) (function.Function, error) {
		environment["PAYMENT_FAILURE_RATE"], environment["RESTAURANT_FAILURE_RATE"] = "0", "0"
		return function.Handler(kind, functions, environment)
	})
	if err != nil {
		t.Fatal(err)
	}
	ids := litter(t, url, messages)
	dir := t.TempDir()
	q := queue.New(reach(url))
	dead := url + "/000000000000/OrderDeathLetterQueue"
	for lives := 0; ; lives++ {
		if lives > kills+20 {
			t.Fatalf("not finished after %d lives", lives)
		}
		ctx, cancel := context.WithCancel(t.Context())
		program := exec.CommandContext(ctx, os.Args[0])
		program.Env = append(os.Environ(), "REDRIVE_AT="+url, "REDRIVE_JOURNAL="+dir)
		program.Stderr = os.Stderr
		if landed < kills {
			// CommandContext kills with SIGKILL.
			time.AfterFunc(30*time.Millisecond+rand.N(time.Duration(messages)*time.Millisecond+300*time.Millisecond), cancel)
		}
		err := program.Run()
		killed := ctx.Err() != nil && err != nil
		if killed {
			landed++
		}
		cancel()
		if err != nil && !killed {
			t.Fatal(err)
		}
		counts, describing := q.Describe(t.Context(), dead)
		if err == nil && describing == nil && counts.Total() == 0 {
			break
		}
		time.Sleep(time.Second)
	}
	account(t, url, ids)
	return landed
}

// litter sends good orders to the dead-letter queue.
func litter(t *testing.T, url string, n int) map[workflow.OrderID]bool {
	t.Helper()
	ids := map[workflow.OrderID]bool{}
	q := queue.New(reach(url))
	for i := 0; i < n; i += 10 {
		var batch []workflow.Outgoing
		for k := i; k < min(n, i+10); k++ {
			batch = append(batch, workflow.Outgoing{Body: []byte(good)})
		}
		results, err := q.SendBatch(t.Context(), url+"/000000000000/OrderDeathLetterQueue", batch)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range results {
			ids[workflow.OrderID(r.MessageID)] = true
		}
	}
	return ids
}

// account wants one execution for each order, and no other.
func account(t *testing.T, url string, ids map[workflow.OrderID]bool) {
	t.Helper()
	client := execution.New(reach(url), "arn:aws:states:us-east-1:000000000000:stateMachine:OrderStateMachine")
	var problems []error
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Second) {
		list, _, err := client.List(t.Context(), 1000)
		if err != nil {
			t.Fatal(err)
		}
		problems = nil
		seen := map[workflow.OrderID]bool{}
		for _, e := range list {
			seen[e.OrderID()] = true
			if !ids[e.OrderID()] {
				problems = append(problems, fmt.Errorf("execution %s is a second order", e.Name))
			}
		}
		for id := range ids {
			if !seen[id] {
				problems = append(problems, fmt.Errorf("order %s is lost", id))
			}
		}
		if len(problems) == 0 || time.Now().After(deadline) {
			break
		}
	}
	if len(problems) > 0 {
		t.Error(errors.Join(problems...))
	}
}
