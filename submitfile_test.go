package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"orderops/aws/playground"
	"orderops/config"
)

const (
	// fewOrders are submitted where nobody asks for more (ORDERS), with so many
	// kills (KILLS).
	fewOrders, fewKills = 20_000, 6
	// manyOrders are enough to see memory grow, if it does.
	manyOrders = 1_000_000
	// singleOrders are sent one a call, to compare with.
	singleOrders = 1000
	// lifeTime bounds one life of the program.
	lifeTime = time.Hour
)

// TestSubmitFileKilled submits a file, kills the program with SIGKILL at random
// calls until it has died often enough, and starts it again until it ends by
// itself. Each order is then on the queue once, or the last life names it as
// unknown. `make submit` does it with 1,000,000 orders, and prints the figures.
func TestSubmitFileKilled(t *testing.T) {
	t.Parallel()
	orders, kills := numberOf("ORDERS", fewOrders), numberOf("KILLS", fewKills)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	till := newTill(t, time.Duration(numberOf("ROUNDTRIP_MS", 0))*time.Millisecond)
	alone := till.single(t)

	small := t.TempDir()
	first := till.submit(t, hermetic("1"), writeOrders(t, small, "small", fewOrders/4), filepath.Join(small, "results"), 0)
	if first.code != 0 {
		t.Fatalf("exit code %d: %s", first.code, first.stderr)
	}
	till.forget()

	folder, environment := t.TempDir(), hermetic("1")
	file := writeOrders(t, folder, "u", orders)
	random := rand.New(rand.NewPCG(seed, seed))
	var last life
	var took time.Duration
	var memory int64
	for lives := 0; lives == 0 || last.killed; lives++ {
		killAt := 0
		if lives < kills {
			killAt = 1 + random.IntN(max(1, 2*orders/10/(kills+1)))
		}
		last = till.submit(t, environment, file, filepath.Join(folder, "results"), killAt)
		took += last.took
		memory = max(memory, last.memory)
	}
	named := unknownOf(t, filepath.Join(folder, "results"))
	till.check(t, orders, named)
	if want := map[bool]int{true: 5, false: 0}[len(named) > 0]; last.code != want {
		t.Errorf("exit code %d with %d unknown orders: %s", last.code, len(named), last.stderr)
	}
	if len(named) > 0 && !strings.Contains(last.stderr, "orderops trace") {
		t.Errorf("the unknown orders come without a way to find out: %s", last.stderr)
	}
	// Every life may begin and end with batches that are not full.
	if calls, most := till.calls, orders/10+16*(kills+1); calls > most {
		t.Errorf("%d calls for %d orders, want at most %d", calls, orders, most)
	}
	speed := float64(orders) / took.Seconds()
	t.Logf("%d orders, %d kills, %d unknown: %.4f calls for each order, %.0f orders/s, %.1f times one call for each (%.0f/s)",
		orders, kills, len(named), float64(till.calls)/float64(orders), speed, speed/alone, alone)
	t.Logf("resident at most: %.1f MB with %d orders, %.1f MB with %d", megabytes(first.memory), fewOrders/4, megabytes(memory), orders)
	if orders >= manyOrders {
		if more := megabytes(memory - first.memory); more > 15 {
			t.Errorf("%.1f MB more for a file %d times as large", more, orders*4/fewOrders)
		}
		if speed < 5*alone {
			t.Errorf("%.1f times as fast as one call for each order, want 5", speed/alone)
		}
	}
}

func numberOf(variable string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil {
		return n
	}
	return otherwise
}

func megabytes(bytes int64) float64 { return float64(bytes) / 1e6 }

// writeOrders writes a file of orders, each of a user of its own.
func writeOrders(t *testing.T, folder, prefix string, orders int) string {
	t.Helper()
	path := filepath.Join(folder, prefix+".jsonl")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(file)
	for i := range orders {
		fmt.Fprintf(w, `{"user_id":"%s%d","quantity":"%d","restaurant_id":"Restaurant %d"}`+"\n", prefix, i, i%9+1, i%50)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// unknownOf are the lines that the last life named as unknown.
func unknownOf(t *testing.T, path string) map[int]bool {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	named := map[int]bool{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var result struct {
			Line         int
			Status, User string
		}
		if err := json.Unmarshal(lines.Bytes(), &result); err != nil {
			t.Fatal(err)
		}
		switch result.Status {
		case "unknown":
			named[result.Line] = true
			if result.User != fmt.Sprintf("u%d", result.Line-1) {
				t.Errorf("line %d is named as of %q", result.Line, result.User)
			}
		case "accepted":
		default:
			t.Errorf("line %d: %s", result.Line, result.Status)
		}
	}
	return named
}

// till is a local AWS whose batches of orders are counted on the wire.
type till struct {
	url   string
	pause time.Duration
	cloud http.Handler

	mu     sync.Mutex
	taken  map[string]int // orders by their user
	calls  int
	killAt int
	kill   func()
	// program is the one at work; memory is the most that was resident of it, in bytes.
	program *os.Process
	memory  int64
}

// newTill serves the order system with its consumer switched off, so that the
// order queue only fills. Each call takes pause more.
func newTill(t *testing.T, pause time.Duration) *till {
	t.Helper()
	settings := config.Default()
	settings.Local = true
	counter := &till{pause: pause, taken: map[string]int{}}
	_, counter.url = servedHere(t, settings, func(cloud http.Handler) http.Handler {
		counter.cloud = cloud
		return counter
	})
	if got := command(t, "consumer", "pause", "--yes", "--typed", orderQueue, "--endpoint-url", counter.url); got.code != 0 {
		t.Fatalf("%+v", got)
	}
	return counter
}

// ServeHTTP lets the cloud answer. At the call that is the program's last one,
// the program dies before the cloud acts, or after it, with its answer unread.
func (c *till) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	time.Sleep(c.pause)
	if !strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".SendMessageBatch") {
		c.cloud.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the program died while it asked
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	c.mu.Lock()
	if c.calls++; c.calls%16 == 0 {
		c.weigh()
	}
	last := c.killAt > 0 && c.calls >= c.killAt
	if last && c.calls%2 == 0 {
		c.kill()
	}
	c.mu.Unlock()
	answer := httptest.NewRecorder()
	c.cloud.ServeHTTP(answer, r)
	c.mu.Lock()
	c.count(body, answer.Body.Bytes())
	if last {
		c.kill()
	}
	c.mu.Unlock()
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes()) // the program may be dead
}

// count notes which orders the queue took.
func (c *till) count(asked, answered []byte) {
	var request struct {
		QueueURL string `json:"QueueUrl"`
		Entries  []struct {
			ID   string `json:"Id"`
			Body string `json:"MessageBody"`
		}
	}
	var answer struct {
		Successful []struct {
			ID string `json:"Id"`
		}
	}
	if json.Unmarshal(asked, &request) != nil || json.Unmarshal(answered, &answer) != nil {
		return
	}
	took := map[string]bool{}
	for _, entry := range answer.Successful {
		took[entry.ID] = true
	}
	for _, entry := range request.Entries {
		var body struct {
			Data struct {
				User string `json:"user_id"`
			}
		}
		if took[entry.ID] && json.Unmarshal([]byte(entry.Body), &body) == nil {
			c.taken[body.Data.User]++
		}
	}
}

func (c *till) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.taken)
	c.calls = 0
}

// check wants every order once on the queue; one that is named may be missing.
func (c *till) check(t *testing.T, orders int, named map[int]bool) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	wrong := 0
	for i := range orders {
		n := c.taken[fmt.Sprintf("u%d", i)]
		if n > 1 || n == 0 && !named[i+1] {
			if wrong++; wrong <= 20 {
				t.Errorf("order %d is %d times on the queue, named as unknown: %v", i, n, named[i+1])
			}
		}
	}
	if wrong > 20 {
		t.Errorf("and %d more", wrong-20)
	}
}

// single is how many orders a second go when each has a call, one after the other.
func (c *till) single(t *testing.T) float64 {
	t.Helper()
	client := sqs.NewFromConfig(awssdk.Config{
		Region: "us-east-1", BaseEndpoint: &c.url, Credentials: credentials.NewStaticCredentialsProvider(playground.OperatorKey, "local", ""),
	})
	queue, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: new("OneByOne")})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	for i := range singleOrders {
		if _, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: queue.QueueUrl, MessageBody: new(order("u"+strconv.Itoa(i), 1, "r"))}); err != nil {
			t.Fatal(err)
		}
	}
	return singleOrders / time.Since(began).Seconds()
}

// life is one run of the program.
type life struct {
	killed bool
	code   int
	stderr string
	took   time.Duration
	memory int64 // the most that was resident, in bytes
}

// submit runs the program once. It dies at so many batches; 0 lets it live.
func (c *till) submit(t *testing.T, environment []string, file, results string, killAt int) life {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), lifeTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "submit", "--file", file, "-o", "jsonl", "--endpoint-url", c.url)
	cmd.Env = append(os.Environ(), environment...)
	out, err := os.Create(results)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	var stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = out, &stderr
	began := time.Now()
	c.mu.Lock()
	if c.killAt = 0; killAt > 0 {
		c.killAt = c.calls + killAt
	}
	killed := false
	c.kill = func() {
		if !killed {
			killed = true
			_ = cmd.Process.Kill() // it may have ended
		}
	}
	err = cmd.Start()
	c.program, c.memory = cmd.Process, 0
	c.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // its state tells
	c.mu.Lock()
	defer c.mu.Unlock()
	c.killAt, c.program = 0, nil
	return life{killed: cmd.ProcessState.ExitCode() == -1, code: cmd.ProcessState.ExitCode(), stderr: stderr.String(), took: time.Since(began), memory: c.memory}
}

// weigh notes how much of the program was resident at most. What the system counts
// of a child is no use: it begins with its parent.
func (c *till) weigh() {
	if c.program == nil {
		return
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.program.Pid))
	if err != nil {
		return // not on Linux, or it has ended
	}
	var kib int64
	if _, most, ok := strings.Cut(string(status), "VmHWM:"); ok {
		if _, err := fmt.Sscan(most, &kib); err == nil {
			c.memory = max(c.memory, kib*1024)
		}
	}
}
