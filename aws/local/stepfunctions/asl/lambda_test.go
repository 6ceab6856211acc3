package asl

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"orderops/aws/local/lambda"
)

// once is a function with one answer.
type once struct {
	output  string
	failure *lambda.Failure
	err     error
	// called is the ARN and payload of the last call.
	called *string
}

func (o once) Invoke(_ context.Context, arn string, payload []byte) ([]byte, *lambda.Failure, error) {
	if o.called != nil {
		*o.called = arn + " " + string(payload)
	}
	return []byte(o.output), o.failure, o.err
}

// throttled is how a rehearsal lets Lambda refuse a call.
type throttled struct{}

func (throttled) Error() string     { return "Rate Exceeded." }
func (throttled) ErrorType() string { return "TooManyRequestsException" }

const (
	plainTask  = `{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:f","End":true}`
	invokeTask = `{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload.$":"$"},"OutputPath":"$.Payload","End":true}`
)

// TestLambdaAnswers tells how answers of functions become outputs or errors.
func TestLambdaAnswers(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ö", 40_000)
	for name, c := range map[string]struct {
		task     string
		function once
		want     string
	}{
		"text kept":      {plainTask, once{output: `{"b": 1.0}`}, `{"b": 1.0}`},
		"nothing":        {plainTask, once{}, `null`},
		"invalid UTF-8":  {plainTask, once{output: "\"a\xffb\""}, "\"a\uFFFDb\""},
		"no JSON":        {plainTask, once{output: `oops`}, "Lambda.Unknown: The function's answer is not valid JSON: invalid character 'o' looking for beginning of value"},
		"payload":        {invokeTask, once{output: `{"b": 1.0}`}, `{"b":1.0}`},
		"raised":         {plainTask, once{failure: &lambda.Failure{Type: "Boom", Message: "no \"luck\"", StackTrace: []string{"at f"}}}, `Boom: {"errorMessage": "no \"luck\"", "errorType": "Boom", "requestId": "id", "stackTrace": ["at f"]}`},
		"raised, invoke": {invokeTask, once{failure: &lambda.Failure{Type: "Boom", Message: "no luck"}}, `Boom: {"errorMessage":"no luck","errorType":"Boom","requestId":"id"}`},
		"crashed":        {plainTask, once{failure: &lambda.Failure{Message: "exit status 1"}}, `Lambda.Unknown: The cause could not be determined because Lambda did not return an error type. Returned payload: {"errorMessage":"exit status 1"}`},
		"long cause":     {plainTask, once{failure: &lambda.Failure{Type: "Boom", Message: long}}, `Boom: {"errorMessage": "` + long[:2*(maxCause-len(`{"errorMessage": "`))]},
		"throttled":      {invokeTask, once{err: throttled{}}, "Lambda.TooManyRequestsException: Rate Exceeded. (Service: AWSLambda; Status Code: 400; Error Code: TooManyRequestsException; Request ID: id; Proxy: null)"},
		"broken":         {plainTask, once{err: errors.New("no luck")}, "Lambda.ServiceException: no luck (Service: AWSLambda; Status Code: 500; Error Code: ServiceException; Request ID: id; Proxy: null)"},
		"missing":        {plainTask, once{err: lambda.ErrNoFunction}, "Lambda.ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:000000000000:function:f (Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: id; Proxy: null)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := Parse([]byte(single(c.task)))
			if err != nil {
				t.Fatal(err)
			}
			e := execution(`{}`, 100)
			e.Functions = c.function
			if got := ending(t, m, e); got != c.want {
				t.Errorf("got  %.300s\nwant %.300s", got, c.want)
			}
		})
	}
}

// TestInvokeResponse checks the answer of lambda:invoke around a function's
// output: members and headers in the order recorded on AWS.
func TestInvokeResponse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, err := Parse([]byte(single(strings.ReplaceAll(invokeTask, `"OutputPath":"$.Payload",`, ``))))
		if err != nil {
			t.Fatal(err)
		}
		e := execution(`{}`, 100)
		e.Functions = once{output: `{"b": 1.0}`}
		e.NewID = func() string { return "01234567-89ab-4cde-8f01-23456789abcd" }
		const id = "01234567-89ab-4cde-8f01-23456789abcd"
		const trace = "Root=1-386d4380-0123456789ab4cde8f012345;Parent=6789abcd01234567;Sampled=0"
		const date = "Sat, 01 Jan 2000 00:00:00 GMT"
		const want = `{"ExecutedVersion":"$LATEST","Payload":{"b":1.0},"SdkHttpMetadata":{"AllHttpHeaders":{` +
			`"X-Amz-Executed-Version":["$LATEST"],"x-amzn-Remapped-Content-Length":["0"],"Connection":["keep-alive"],"x-amzn-RequestId":["` + id + `"],` +
			`"Content-Length":["10"],"Date":["` + date + `"],"X-Amzn-Trace-Id":["` + trace + `"],"Content-Type":["application/json"]},"HttpHeaders":{` +
			`"Connection":"keep-alive","Content-Length":"10","Content-Type":"application/json","Date":"` + date + `","X-Amz-Executed-Version":"$LATEST",` +
			`"x-amzn-Remapped-Content-Length":"0","x-amzn-RequestId":"` + id + `","X-Amzn-Trace-Id":"` + trace + `"},"HttpStatusCode":200},` +
			`"SdkResponseMetadata":{"RequestId":"` + id + `"},"StatusCode":200}`
		if got := ending(t, m, e); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

// TestLambdaCall checks which function is called, and with what.
func TestLambdaCall(t *testing.T) {
	t.Parallel()
	const other = "arn:aws:lambda:eu-west-1:111111111111:function:g"
	for task, want := range map[string]string{
		plainTask:  `arn:aws:lambda:us-east-1:000000000000:function:f { "a":1 }`,
		invokeTask: `arn:aws:lambda:us-east-1:000000000000:function:f {"a":1}`,
		strings.ReplaceAll(invokeTask, `"f"`, `"`+other+`"`):              other + ` {"a":1}`,
		strings.ReplaceAll(invokeTask, `,"Payload.$":"$"`, ``):            `arn:aws:lambda:us-east-1:000000000000:function:f {}`,
		strings.ReplaceAll(invokeTask, `"Payload.$":"$"`, `"Payload":[]`): `arn:aws:lambda:us-east-1:000000000000:function:f []`,
	} {
		m, err := Parse([]byte(single(task)))
		if err != nil {
			t.Fatal(err)
		}
		var called string
		e := execution(`{ "a":1 }`, 100)
		e.Functions = once{output: `{}`, called: &called}
		if got := ending(t, m, e); called != want {
			t.Errorf("%s\ncalled %s, want %s (%s)", task, called, want, got)
		}
	}
}
