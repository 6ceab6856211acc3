package logs_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"orderops/aws/local/identity"
	"orderops/aws/local/logs"
)

// direct is a transport without a socket.
type direct struct{ handler http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	return w.Result(), nil
}

func open(t *testing.T) (*logs.Service, *cloudwatchlogs.Client) {
	t.Helper()
	s := logs.New(identity.New("000000000000", "us-east-1", "", 7))
	return s, cloudwatchlogs.New(cloudwatchlogs.Options{
		Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
		BaseEndpoint: awssdk.String("http://local"), HTTPClient: &http.Client{Transport: direct{s}}, RetryMaxAttempts: 1,
	})
}

// filter reads all pages of at most limit events and joins their messages.
func filter(t *testing.T, c *cloudwatchlogs.Client, in cloudwatchlogs.FilterLogEventsInput, limit int32) (messages []string, pages int) {
	t.Helper()
	in.LogGroupName, in.Limit = awssdk.String("/states"), &limit
	for {
		out, err := c.FilterLogEvents(t.Context(), &in)
		if err != nil {
			t.Fatal(err)
		}
		pages++
		for _, e := range out.Events {
			messages = append(messages, *e.Message)
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			return messages, pages
		}
	}
}

func TestFilterPagesByTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := open(t)
		s.CreateGroup("/states", 1)
		start := time.Now()
		for i := range 7 {
			s.Put("/states", "one", start.Add(time.Duration(i/2)*time.Second), fmt.Appendf(nil, "event %d", i))
		}
		s.Put("/states", "two", start.Add(500*time.Millisecond), []byte("late"))
		s.Put("/nowhere", "one", start, []byte("lost"))
		got, pages := filter(t, c, cloudwatchlogs.FilterLogEventsInput{}, 3)
		want := []string{"event 0", "event 1", "late", "event 2", "event 3", "event 4", "event 5", "event 6"}
		if !slices.Equal(got, want) || pages != 3 {
			t.Errorf("%d pages: %q", pages, got)
		}
		// Both ends are included.
		got, _ = filter(t, c, cloudwatchlogs.FilterLogEventsInput{
			StartTime: awssdk.Int64(start.Add(time.Second).UnixMilli()), EndTime: awssdk.Int64(start.Add(2 * time.Second).UnixMilli()),
		}, 100)
		if !slices.Equal(got, []string{"event 2", "event 3", "event 4", "event 5"}) {
			t.Errorf("between: %q", got)
		}
		time.Sleep(24*time.Hour + 2*time.Second) // the retention, and all but the last two seconds
		if got, _ = filter(t, c, cloudwatchlogs.FilterLogEventsInput{}, 100); !slices.Equal(got, []string{"event 4", "event 5", "event 6"}) {
			t.Errorf("after the retention: %q", got)
		}
	})
}

func TestFilterPatterns(t *testing.T) {
	t.Parallel()
	messages := []string{
		`{"type":"WaitStateEntered","details":{"name":"Wait"},"id":"7"}`,
		`{"type":"WaitStateExited","details":{"name":"Wait"},"id":"8"}`,
		`{"type":"ExecutionFailed","details":{"error":"Boom"},"id":"9"}`,
		`plain Boom words`,
	}
	for _, test := range []struct {
		pattern string
		want    []int
	}{
		{"", []int{0, 1, 2, 3}},
		{`{ $.type = "*StateEntered" }`, []int{0}},
		{`{ $.type = "*StateEntered" || $.type = "Execution*" }`, []int{0, 2}},
		{`{ $.type = *State* && $.id != "7" || $.details.error = Boom }`, []int{1, 2}},
		{`{ $.details.name = "Wait" && $.type = "*Exited" }`, []int{1}},
		{"Boom", []int{2, 3}},
		{`Boom "plain Boom"`, []int{3}},
		{"boom", nil},
	} {
		t.Run(test.pattern, func(t *testing.T) {
			t.Parallel()
			s, c := open(t)
			s.CreateGroup("/states", 0)
			for _, m := range messages {
				s.Put("/states", "one", time.Now(), []byte(m))
			}
			got, _ := filter(t, c, cloudwatchlogs.FilterLogEventsInput{FilterPattern: &test.pattern}, 100)
			var want []string
			for _, i := range test.want {
				want = append(want, messages[i])
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q", got)
			}
		})
	}
	for _, pattern := range []string{"{", "{ $.a }", "{ $.a = 1", "{ a = 1 }", "{ $.a[0] = 1 }", "{ $.a > 1 }", "?a ?b", "-a", "%a%", "{ ($.a = 1 }", "{ $.a = 1 ) }"} {
		_, c := open(t)
		_, err := c.FilterLogEvents(context.Background(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: awssdk.String("/states"), FilterPattern: &pattern})
		if _, ok := errors.AsType[*types.InvalidParameterException](err); !ok {
			t.Errorf("%s: %v", pattern, err)
		}
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	s, c := open(t)
	s.CreateGroup("/b", 30)
	s.CreateGroup("/a/2", 0)
	arn := s.CreateGroup("/a/1", 0)
	out, err := c.DescribeLogGroups(t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: awssdk.String("/a"), Limit: awssdk.Int32(1)})
	if err != nil || len(out.LogGroups) != 1 || *out.LogGroups[0].LogGroupArn != arn || *out.LogGroups[0].Arn != arn+":*" || out.NextToken == nil {
		t.Fatalf("%+v, %v", out, err)
	}
	out, err = c.DescribeLogGroups(t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{NextToken: out.NextToken})
	if err != nil || len(out.LogGroups) != 2 || *out.LogGroups[1].RetentionInDays != 30 {
		t.Fatalf("%+v, %v", out, err)
	}
	_, err = c.FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: awssdk.String("/none")})
	if _, ok := errors.AsType[*types.ResourceNotFoundException](err); !ok {
		t.Errorf("an unknown group: %v", err)
	}
}

// TestDelivery wants events late and some of them lost, the same ones each time.
func TestDelivery(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		read := func() (early, late []string) {
			s, c := open(t)
			s.CreateGroup("/states", 0)
			s.Deliver(logs.Delivery{Lag: 10 * time.Second, Loss: 0.3})
			for i := range 100 {
				s.Put("/states", "one", time.Now(), fmt.Append(nil, i))
			}
			time.Sleep(5 * time.Second)
			early, _ = filter(t, c, cloudwatchlogs.FilterLogEventsInput{}, 1000)
			time.Sleep(5 * time.Second)
			late, _ = filter(t, c, cloudwatchlogs.FilterLogEventsInput{}, 1000)
			return early, late
		}
		early, late := read()
		if len(early) < 15 || len(early) > 55 || len(late) < 50 || len(late) > 85 {
			t.Errorf("%d of 100 after half of the lag, %d after it", len(early), len(late))
		}
		if _, again := read(); !slices.Equal(again, late) {
			t.Error("the same seed loses others")
		}
	})
}
