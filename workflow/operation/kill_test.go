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
	if url := os.Getenv("VICTIM_AT"); url != "" {
		if err := victim(url, os.Getenv("VICTIM_JOURNAL"), os.Getenv("VICTIM_DOES")); err != nil {
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
	w := newWorld(t)
	ids := w.litter(messages)
	landed = w.lives("redrive", kills, messages)
	w.account(ids)
	return landed
}

// world is a server that survives, and the journal of a program that does not.
type world struct {
	*testing.T
	url, dir string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	url := "http://" + server.Listener.Addr().String()
	cloud := local.New(local.Options{URL: url})
	server.Config.Handler = cloud.Handler()
	server.Start()
	t.Cleanup(cloud.Close)
	t.Cleanup(server.Close) // first
	functions := awssdk.Config{Region: "us-east-1", HTTPClient: cloud.HTTPClient(), BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("F", "s", "")}
	err := deploy.Local(cloud, map[string]string{"WaitSeconds": "1"}, func(kind string, environment map[string]string) (function.Function, error) {
		environment["PAYMENT_FAILURE_RATE"], environment["RESTAURANT_FAILURE_RATE"] = "0", "0"
		return function.Handler(kind, functions, environment)
	})
	if err != nil {
		t.Fatal(err)
	}
	return &world{t, url, t.TempDir()}
}

// lives runs the program, kills it with SIGKILL so many times at most, and starts
// it again until it says that it is finished. It tells how often a kill met it.
func (w *world) lives(does string, kills, messages int) (landed int) {
	w.Helper()
	for lives := 0; ; lives++ {
		if lives > kills+20 {
			w.Fatalf("not finished after %d lives", lives)
		}
		ctx, cancel := context.WithCancel(w.Context())
		program := exec.CommandContext(ctx, os.Args[0])
		program.Env = append(os.Environ(), "VICTIM_AT="+w.url, "VICTIM_JOURNAL="+w.dir, "VICTIM_DOES="+does)
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
			w.Fatal(err)
		}
		if err == nil && (does == "restore" || w.dead() == 0) {
			return landed
		}
		time.Sleep(time.Second)
	}
}

// dead is how many dead letters there are.
func (w *world) dead() int {
	w.Helper()
	counts, err := queue.New(reach(w.url)).Describe(w.Context(), w.url+"/000000000000/OrderDeathLetterQueue")
	if err != nil {
		w.Fatal(err)
	}
	return counts.Total()
}

// litter sends good orders to the dead-letter queue.
func (w *world) litter(n int) map[workflow.OrderID]bool {
	w.Helper()
	ids := map[workflow.OrderID]bool{}
	q := queue.New(reach(w.url))
	for i := 0; i < n; i += 10 {
		var batch []workflow.Outgoing
		for k := i; k < min(n, i+10); k++ {
			batch = append(batch, workflow.Outgoing{Body: []byte(good)})
		}
		results, err := q.SendBatch(w.Context(), w.url+"/000000000000/OrderDeathLetterQueue", batch)
		if err != nil {
			w.Fatal(err)
		}
		for _, r := range results {
			ids[workflow.OrderID(r.MessageID)] = true
		}
	}
	return ids
}

// account wants one execution for each order, and no other.
func (w *world) account(ids map[workflow.OrderID]bool) {
	w.Helper()
	client := execution.New(reach(w.url), "arn:aws:states:us-east-1:000000000000:stateMachine:OrderStateMachine")
	var problems []error
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Second) {
		list, _, err := client.List(w.Context(), 1000)
		if err != nil {
			w.Fatal(err)
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
		w.Error(errors.Join(problems...))
	}
}
