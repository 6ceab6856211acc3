package main

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/charmbracelet/x/ansi"

	"orderops/aws"
	"orderops/aws/playground"
	"orderops/config"
	"orderops/ui"
	"orderops/ui/jq"
	"orderops/workflow"
)

// BenchmarkKeysDuringARun measures how long a key takes to its frame while 10,000
// dead letters, all edited by one expression, are being redriven: the whole
// dashboard, against a local AWS in another process. Measured is the processor
// time of the thread that draws, which others on the machine don't change, and the
// time on the clock. It is one long run: give it -benchtime 1x.
func BenchmarkKeysDuringARun(b *testing.B) {
	for b.Loop() {
		keysDuringARun(b, 10_000)
	}
}

func keysDuringARun(b *testing.B, letters int) {
	b.Helper()
	cloud := serveLocal(b, "127.0.0.1:0", predictable("--wait", "1s")...)
	spoilt(b, cloud.url, letters)
	settings := config.Default()
	settings.EndpointURL, settings.Region = cloud.url, "us-east-1"
	archive := b.TempDir()
	m := &timedModel{}
	m.Model = ui.New(b.Context(), ui.Options{
		Guard: workflow.NewGuard(false, false, 0), Compile: jq.Compile,
		Connect: func(ctx context.Context) (*ui.Connection, error) {
			return connect(ctx, settings, aws.Options{Credentials: credentials.NewStaticCredentialsProvider(playground.OperatorKey, "local", "")}, archive)
		},
	})
	p := tea.NewProgram(m, tea.WithInput(nil), tea.WithOutput(io.Discard), tea.WithoutSignals(), tea.WithFPS(ui.FramesPerSecond), tea.WithWindowSize(200, 60))
	ended := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // the thread's time is the drawing's
		_, err := p.Run()
		ended <- err
	}()
	d := driver{b, p, m}
	d.until(`Pipeline`)
	d.press("4", "i")
	d.until(`cancel`)
	d.press("y")
	for d.until(`inspect (more|again)`); d.shows(`inspect more`); d.until(`inspect (more|again)`) {
		d.press("i")
		d.until(`receiving`)
	}
	d.until(`inspect again`)
	d.press("ctrl+a", "J")
	d.until(`by a jq expression`)
	d.press(strings.Split(`.data.quantity="3"`, "")...)
	d.press("enter")
	d.until(`accepted by our decoder`)
	d.press("enter")
	d.until(`per second`)
	time.Sleep(time.Second) // keys that were pressed before a question was seen don't answer it
	d.press("shift+tab", "ctrl+u", "9", "9", "9", "tab", "tab", "enter")
	d.until(`redrive running`)
	m.begin()
	keys := []string{"down", "pgdown", "up", "G", "g", "space", "space", "tab", "t", "t", "pgdown", "s"}
	for i := 0; !d.shows(`redrive (done|stopped|cancelled)`); i++ {
		d.press(keys[i%len(keys)])
		time.Sleep(40 * time.Millisecond)
	}
	worked, took := m.figures()
	if done := fmt.Sprintf(`(%s of %[1]s|%d of %[2]d) done`, commas(letters), letters); !d.shows(done) {
		b.Errorf("not all were redriven:\n%s", ansi.Strip(m.last))
	}
	p.Quit()
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(len(worked)), "keys")
	report := func(unit string, times []time.Duration) {
		slices.Sort(times)
		for _, at := range []struct {
			name string
			i    int
		}{{"median", len(times) / 2}, {"p99", len(times) * 99 / 100}, {"max", len(times) - 1}} {
			b.ReportMetric(float64(times[at.i])/1e6, at.name+"-"+unit)
		}
	}
	report("cpu-ms", worked)
	report("clock-ms", took)
}

func commas(n int) string { return fmt.Sprintf("%d,%03d", n/1000, n%1000) }

// spoilt puts dead letters on the queue whose quantity nobody can read.
func spoilt(b *testing.B, url string, n int) {
	b.Helper()
	client := sqs.NewFromConfig(awssdk.Config{
		Region: "us-east-1", BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("LOCALPRODUCER", "local", ""),
	})
	queue := url + "/000000000000/" + deadLetterQueue
	for from := 0; from < n; from += 10 {
		var entries []sqstypes.SendMessageBatchRequestEntry
		for i := range 10 {
			body, id := fmt.Sprintf(`{"data":{"user_id":"Customer_%d","quantity":"%d pcs","restaurant_id":"Restaurant %d"}}`, from+i, i, i), fmt.Sprint(i)
			entries = append(entries, sqstypes.SendMessageBatchRequestEntry{Id: &id, MessageBody: &body})
		}
		if _, err := client.SendMessageBatch(b.Context(), &sqs.SendMessageBatchInput{QueueUrl: &queue, Entries: entries}); err != nil {
			b.Fatal(err)
		}
	}
}

// pressed is a key and when it was pressed.
type pressed struct {
	key tea.KeyPressMsg
	at  time.Time
}

// timedModel is the dashboard with a watch on each key.
type timedModel struct {
	tea.Model

	mu      sync.Mutex
	timing  bool
	last    string
	pending bool
	at      time.Time
	before  time.Duration
	worked  []time.Duration
	took    []time.Duration
}

// Update begins to measure at a key.
func (m *timedModel) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if p, ok := msg.(pressed); ok {
		m.pending, m.at, m.before = true, p.at, threadTime()
		msg = p.key
	}
	next, cmd := m.Model.Update(msg)
	m.Model = next
	return m, cmd
}

// View ends it: the frame is made.
func (m *timedModel) View() tea.View {
	v := m.Model.View()
	worked, took := threadTime()-m.before, time.Since(m.at)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last = v.Content
	if m.pending && m.timing {
		m.worked, m.took = append(m.worked, worked), append(m.took, took)
	}
	m.pending = false
	return v
}

func (m *timedModel) begin() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.timing = true
}

func (m *timedModel) figures() (worked, took []time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.timing = false
	return m.worked, m.took
}

// threadTime is the processor time of the calling thread (Linux: getrusage(2)).
func threadTime() time.Duration {
	const thread = 1
	var used syscall.Rusage
	if err := syscall.Getrusage(thread, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// driver is an operator who is in a hurry.
type driver struct {
	*testing.B

	p *tea.Program
	m *timedModel
}

func (d driver) press(names ...string) {
	for _, name := range names {
		d.p.Send(pressed{key(name), time.Now()})
	}
}

func (d driver) shows(pattern string) bool {
	d.m.mu.Lock()
	frame := ansi.Strip(d.m.last)
	d.m.mu.Unlock()
	return regexp.MustCompile(pattern).MatchString(frame)
}

func (d driver) until(pattern string) {
	d.Helper()
	for end := time.Now().Add(3 * time.Minute); !d.shows(pattern); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			d.Fatalf("%s is not drawn:\n%s", pattern, ansi.Strip(d.m.last))
		}
	}
}
