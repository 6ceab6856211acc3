package asl

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
)

// resourceInvoke is the service integration that calls a Lambda function.
const resourceInvoke = "arn:aws:states:::lambda:invoke"

// task is the part of a Task state.
type task struct {
	// function is the Lambda function's ARN; "" means the lambda:invoke
	// integration, where Parameters name the function.
	function   string
	parameters *template
	selector   *template
	resultPath dataPath
	// timeout in seconds; 0 means none.
	timeout     int64
	timeoutPath *path
	retry       []retrier
	catch       []catcher
}

func (f *fields) task() *task {
	t := &task{resultPath: f.dataPath("ResultPath")}
	f.require("Resource")
	resource, ok := f.text("Resource")
	switch {
	case !ok || resource == resourceInvoke:
	case isFunction(resource):
		t.function = resource
	default:
		f.fail("Resource", "The resource provided %s is not recognized. The local AWS runs Lambda functions and %s", resource, resourceInvoke)
	}
	t.parameters = f.template("Parameters")
	if resource == resourceInvoke {
		f.invokeParameters()
	}
	t.selector = f.template("ResultSelector")
	t.timeout, _ = f.seconds("TimeoutSeconds", 1)
	t.timeoutPath, _ = f.path("TimeoutSecondsPath", true)
	f.atMostOne("TimeoutSeconds", "TimeoutSecondsPath")
	t.retry = f.retry()
	t.catch = f.catch()
	return t
}

// isFunction says whether a resource is the ARN of a Lambda function.
func isFunction(resource string) bool {
	part := strings.Split(resource, ":")
	return len(part) >= 7 && len(part) <= 8 && part[0] == "arn" && part[2] == "lambda" && part[5] == "function" && part[6] != ""
}

// invokeParameters checks what lambda:invoke is given.
func (f *fields) invokeParameters() {
	parameters, ok := f.object("Parameters")
	if !ok || !hasParameter(parameters, "FunctionName") {
		f.fail("Parameters", "The field 'FunctionName' is required but was missing")
		return
	}
	for _, name := range parameters.names {
		if !slices.Contains([]string{"FunctionName", "Payload", "InvocationType"}, strings.TrimSuffix(name, ".$")) {
			f.fail("Parameters", "The field '%s' is not supported by the local AWS", name)
		}
	}
	if kind, ok := parameters.get("InvocationType"); hasParameter(parameters, "InvocationType") && (!ok || kind != "RequestResponse") {
		f.fail("Parameters", "The local AWS supports no 'InvocationType' but RequestResponse")
	}
}

func hasParameter(o *object, name string) bool {
	_, plain := o.get(name)
	_, path := o.get(name + ".$")
	return plain || path
}

// runTask tries the task until it succeeds, or nothing retries its failure; a
// catcher then decides what follows.
func (v *visit) runTask(ctx context.Context, input document) (output document, next string, err error) {
	t := v.state.task
	done := make([]int64, len(t.retry))
	for v.retries = 0; ; v.retries++ {
		output, err = v.attempt(ctx, input)
		f, failed := errors.AsType[*failure](err)
		if !failed {
			return output, v.state.next, err
		}
		again, delay := t.again(f, done, v.execution.Random)
		if again {
			if err := sleep(ctx, delay); err != nil {
				return document{}, "", err
			}
			continue
		}
		if c := t.caught(f); c != nil {
			output, err = c.output(input, f)
			return output, c.next, err
		}
		return document{}, "", err
	}
}

// again says whether a retrier takes the failure, and after which pause. The
// first retrier that matches decides; done counts each one's retries.
func (t *task) again(f *failure, done []int64, random func() float64) (bool, time.Duration) {
	if f.runtime {
		return false, 0
	}
	for i, r := range t.retry {
		if !matches(r.errors, f.name) {
			continue
		}
		if done[i] >= r.attempts {
			return false, 0
		}
		done[i]++
		return true, r.delay(done[i]-1, random)
	}
	return false, 0
}

// attempt calls the function once and makes the state's output of its answer.
func (v *visit) attempt(ctx context.Context, input document) (document, error) {
	t := v.state.task
	request, err := v.state.input.of(input, v.context)
	if err != nil {
		return document{}, err
	}
	if t.parameters != nil {
		filled, err := t.parameters.fill(request, v.context)
		if err != nil {
			return document{}, err
		}
		request = newDocument(filled)
	}
	timeout, err := t.limit(v, input)
	if err != nil {
		return document{}, err
	}
	result, err := v.call(ctx, request, timeout)
	if err != nil {
		return document{}, err
	}
	if t.selector != nil {
		filled, err := t.selector.fill(result, v.context)
		if err != nil {
			return document{}, err
		}
		result = newDocument(filled)
	}
	output, err := t.resultPath.merge(input, result)
	if err != nil {
		return document{}, err
	}
	return v.state.output.of(output, v.context)
}

// limit is the time-out of the task in seconds, 0 for none.
func (t *task) limit(v *visit, input document) (int64, error) {
	if t.timeoutPath == nil {
		return t.timeout, nil
	}
	value, err := t.timeoutPath.in(input, v.context)
	if missing, ok := errors.AsType[*noPathError](err); ok {
		return 0, runtimeFailure("Invalid path '%s' : %s", t.timeoutPath.text, missing.detail)
	}
	n, ok := value.(json.Number)
	seconds, numberErr := n.Int64()
	if err != nil || !ok || numberErr != nil || seconds < 1 || seconds > maxSeconds {
		return 0, runtimeFailure("The TimeoutSecondsPath parameter does not reference a positive integer: %s == %s", t.timeoutPath.text, plain(value))
	}
	return seconds, nil
}
