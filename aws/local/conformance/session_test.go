package conformance

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"orderops/aws/local"
)

const (
	// account is the one that the recordings show in place of the real one.
	account = "111111111111"
	region  = "us-east-1"
	roleARN = "arn:aws:iam::" + account + ":role/machine"
)

// members are the members of a request or an answer.
type members = map[string]any

// session replays one recording on a cloud of its own.
type session struct {
	*matcher
	t         *testing.T
	recording *recording
	library   *library
	cloud     *local.Cloud
	wire      *capture
	clients   map[string]any
	// replayed are the recorded answers that were compared or left out.
	replayed map[string]bool
	// left tells how many recorded answers are of operations out of scope.
	left int
	// operations are those that were asked, and whether an answer was compared.
	operations map[string]bool
	// last is the operation that was asked last, "" at first.
	last string
}

// open starts a cloud. It is closed before the test ends.
func open(t *testing.T, l *library, r *recording) *session {
	t.Helper()
	cloud := local.New(local.Options{Account: account, Region: region})
	t.Cleanup(cloud.Close)
	s := &session{
		matcher: newMatcher(), t: t, recording: r, library: l, cloud: cloud,
		wire: &capture{client: cloud.HTTPClient()}, replayed: map[string]bool{},
		operations: map[string]bool{},
	}
	config := awssdk.Config{
		Region: region, BaseEndpoint: awssdk.String(cloud.URL()), HTTPClient: s.wire,
		Credentials: credentials.NewStaticCredentialsProvider("operator", "secret", ""),
		Retryer:     func() awssdk.Retryer { return awssdk.NopRetryer{} },
	}
	s.clients = map[string]any{"sqs": sqs.NewFromConfig(config), "states": sfn.NewFromConfig(config), "logs": cloudwatchlogs.NewFromConfig(config)}
	return s
}

// capture sends the request that the recording's test sent and keeps the answer
// as it is on the wire.
type capture struct {
	client awssdk.HTTPClient
	// request replaces the SDK's body: the SDK leaves out members that are zero.
	request []byte
	status  int
	header  http.Header
	body    []byte
}

// Do carries one request.
func (c *capture) Do(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(c.request)), int64(len(c.request))
	response, err := c.client.Do(r)
	if err != nil {
		return nil, err
	}
	c.status, c.header = response.StatusCode, response.Header
	c.body, err = io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(c.body))
	return response, nil
}

// answer is what an operation answered.
type answer struct {
	operation string
	status    int
	body      members
	// queryCode is the code of x-amzn-query-error, "" without one.
	queryCode string
}

// call asks an operation, through the SDK where it can say what the test said.
func (s *session) call(service, operation string, request members) answer {
	s.t.Helper()
	content, err := json.Marshal(request)
	if err != nil {
		s.t.Fatal(err)
	}
	s.wire.request, s.wire.status = content, 0
	s.last = operation
	if !s.operations[operation] {
		s.operations[operation] = false
	}
	var failure error
	if service == "dynamodb" { // the SDK has no JSON form of attribute values
		failure = s.post("DynamoDB_20120810." + operation)
	} else {
		method := reflect.ValueOf(s.clients[service]).MethodByName(operation)
		input := reflect.New(method.Type().In(1).Elem())
		if err := json.Unmarshal(content, input.Interface()); err != nil {
			s.t.Fatal(err)
		}
		failure, _ = reflect.TypeAssert[error](method.Call([]reflect.Value{reflect.ValueOf(s.t.Context()), input})[1])
		if failed := s.wire.status >= http.StatusMultipleChoices; failed != (failure != nil) {
			s.t.Fatalf("%s: status %d, but the SDK says %v", operation, s.wire.status, failure)
		}
	}
	if s.wire.status == 0 {
		s.t.Fatalf("%s: %v", operation, failure)
	}
	a := answer{operation: operation, status: s.wire.status}
	a.queryCode, _, _ = strings.Cut(s.wire.header.Get("X-Amzn-Query-Error"), ";")
	decode(s.t, operation, s.wire.body, &a.body)
	return a
}

// post sends the request without the SDK.
func (s *session) post(target string) error {
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.cloud.URL(), nil)
	if err != nil {
		return err
	}
	request.Header.Set("X-Amz-Target", target)
	response, err := s.wire.Do(request)
	if err != nil {
		return err
	}
	return response.Body.Close()
}

// must is a call that prepares what is compared later.
func (s *session) must(service, operation string, request members) members {
	s.t.Helper()
	a := s.call(service, operation, request)
	if a.status >= http.StatusMultipleChoices {
		s.t.Fatalf("%s: %v", operation, a.body)
	}
	return a.body
}

// code is the name of the error.
func (a answer) code() string {
	kind, _ := a.body["__type"].(string)
	return kind[strings.LastIndexByte(kind, '#')+1:]
}

func (a answer) message() string {
	text, _ := a.body["message"].(string)
	return text
}

// botocore is the answer in the form of the recordings. Botocore names the code
// of the query protocol Code, and the one of the JSON protocol QueryErrorCode.
func (a answer) botocore() members {
	form := members{"ResponseMetadata": members{"HTTPHeaders": members{}, "HTTPStatusCode": number(a.status)}}
	if a.status < http.StatusMultipleChoices {
		maps.Copy(form, a.body)
		return form
	}
	failure := members{"Code": a.code(), "Message": a.message()}
	if a.queryCode != "" {
		failure["Code"], failure["QueryErrorCode"], failure["Type"] = a.queryCode, a.code(), "Sender"
	}
	form["Error"], form["message"] = failure, a.message()
	return form
}

// sentence is an error as Python prints it.
func (a answer) sentence() string {
	code := a.code()
	if a.queryCode != "" {
		code = a.queryCode
	}
	return "An error occurred (" + code + ") when calling the " + a.operation + " operation: " + a.message()
}

// expect compares an answer with the recorded one of that name.
func (s *session) expect(key string, a answer) {
	s.t.Helper()
	recorded, _ := s.recording.answers[key].(members)
	_, python := recorded["exception_typename"]
	_, sentence := s.recording.answers[key].(string)
	switch {
	case python:
		s.expectValue(key, members{"exception_typename": a.code(), "exception_value": a.sentence()})
	case sentence:
		s.expectValue(key, a.sentence())
	default:
		form := a.botocore()
		if _, told := recorded["message"]; !told {
			delete(form, "message") // botocore tells it of modelled errors only
		}
		s.expectValue(key, form)
	}
}

// expectValue compares any value with the recorded one of that name.
func (s *session) expectValue(key string, actual any) {
	s.t.Helper()
	recorded, ok := s.recording.answers[key]
	if !ok {
		s.t.Fatalf("there is no recorded %q", key)
	}
	s.replayed[key] = true
	if s.last != "" {
		s.operations[s.last] = true
	}
	s.compare(key, recorded, actual)
}

// leave passes over a recorded answer of an operation that is out of scope.
func (s *session) leave(key string) {
	s.replayed[key] = true
	s.left++
}

// number is a number as decoded JSON has it.
func number(n int) json.Number {
	text, err := json.Marshal(n)
	if err != nil {
		return ""
	}
	return json.Number(text)
}
