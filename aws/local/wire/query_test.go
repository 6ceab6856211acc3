package wire_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"orderops/aws/local/wire"
)

type greeting struct {
	Text string
	List []string `xml:"List>member"`
}

func service() *wire.Service {
	return &wire.Service{
		Protocol: wire.Query("http://example.com/doc/1/"),
		NewID:    func() string { return "id-1" },
		Operations: map[string]wire.Operation{
			"Greet": wire.Form(func(form url.Values) (any, error) {
				return greeting{Text: form.Get("Name"), List: []string{"a", "b"}}, nil
			}),
			"Forget": wire.Form(func(url.Values) (any, error) { return nil, nil }),
			"Refuse": wire.Form(func(url.Values) (any, error) {
				return nil, &wire.Error{Status: http.StatusNotFound, Type: "x#NotFound", Message: "no <such> thing"}
			}),
			"Break": wire.Form(func(url.Values) (any, error) { return nil, errors.New("broken") }),
		},
	}
}

func TestQueryService(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, form string
		status     int
		want       string
	}{
		{
			"result", "Action=Greet&Name=%3Cb%3E%07", 200,
			`<GreetResponse xmlns="http://example.com/doc/1/"><GreetResult><Text>&lt;b&gt;` + "\ufffd" +
				`</Text><List><member>a</member><member>b</member></List></GreetResult>` +
				`<ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></GreetResponse>`,
		},
		{
			"no result", "Action=Forget", 200,
			`<ForgetResponse xmlns="http://example.com/doc/1/"><ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></ForgetResponse>`,
		},
		{
			"error", "Action=Refuse", 404,
			`<ErrorResponse xmlns="http://example.com/doc/1/"><Error><Type>Sender</Type><Code>NotFound</Code>` +
				`<Message>no &lt;such&gt; thing</Message></Error><RequestId>id-1</RequestId></ErrorResponse>`,
		},
		{
			"our own failure", "Action=Break", 500,
			`<ErrorResponse xmlns="http://example.com/doc/1/"><Error><Type>Receiver</Type><Code>InternalFailure</Code>` +
				`<Message>broken</Message></Error><RequestId>id-1</RequestId></ErrorResponse>`,
		},
		{
			"unknown action", "Action=Dance", 400,
			`<ErrorResponse xmlns="http://example.com/doc/1/"><Error><Type>Sender</Type><Code>InvalidAction</Code>` +
				`<Message>The operation &#34;Dance&#34; is not implemented by the local AWS</Message></Error><RequestId>id-1</RequestId></ErrorResponse>`,
		},
		{
			"no form", "Action=Greet&Name=%zz", 400,
			`<ErrorResponse xmlns="http://example.com/doc/1/"><Error><Type>Sender</Type><Code>MalformedQueryString</Code>` +
				`<Message>The request parameters are no valid form</Message></Error><RequestId>id-1</RequestId></ErrorResponse>`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			service().ServeHTTP(w, post(t, test.form))
			if w.Code != test.status || w.Body.String() != test.want {
				t.Errorf("%d %s\nwant %d %s", w.Code, w.Body, test.status, test.want)
			}
		})
	}
}

// post is a request with a form.
func post(t *testing.T, form string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	return r
}

func TestReadFormLeavesTheBody(t *testing.T) {
	t.Parallel()
	r := post(t, "A=1")
	for range 2 {
		if form := wire.ReadForm(r); form.Get("A") != "1" {
			t.Fatalf("form %v", form)
		}
	}
}

func TestQueryTime(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 15, 4, 5, 6_000_000, time.FixedZone("", 3600))
	if got := wire.QueryTime(at); got != "2026-11-23T14:04:05.006Z" {
		t.Error(got)
	}
}

func FuzzQueryService(f *testing.F) {
	f.Add("Action=Greet&Name=x")
	f.Add("Action=%00&=&;")
	f.Fuzz(func(t *testing.T, form string) {
		w := httptest.NewRecorder()
		service().ServeHTTP(w, post(t, form))
		if !strings.HasPrefix(w.Body.String(), "<") {
			t.Errorf("answer %q", w.Body)
		}
	})
}
