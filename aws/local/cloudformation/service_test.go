package cloudformation_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"

	"orderops/aws/local/cloudformation"
	"orderops/aws/local/identity"
)

// direct calls a handler in this goroutine.
type direct struct{ http.Handler }

func (d direct) Do(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Result(), nil
}

// serve has two stacks, "old" and "new"; new has an output and a resource.
func serve(t *testing.T) *sdk.Client {
	t.Helper()
	s := cloudformation.New(identity.New("000000000000", "us-east-1", "", 1))
	created := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, stack := range []cloudformation.Stack{
		{ID: s.NewID("old"), Name: "old", Created: created},
		{
			ID: s.NewID("new"), Name: "new", Created: created,
			Parameters: []cloudformation.Parameter{{Key: "P", Value: "<p>"}},
			Outputs:    []cloudformation.Output{{Key: "Url", Value: "http://x/?a&b", Description: "where"}},
			Resources:  []cloudformation.Resource{{Logical: "Q", Physical: "q-1", Type: "AWS::SQS::Queue"}},
		},
	} {
		if err := s.Add(stack); err != nil {
			t.Fatal(err)
		}
	}
	if !s.Exists("old") || s.Exists("none") || s.Add(cloudformation.Stack{Name: "old"}) == nil {
		t.Fatal("stacks are not told apart by name")
	}
	return sdk.New(sdk.Options{
		Region: "us-east-1", HTTPClient: direct{s}, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
	})
}

func TestDescribeStacks(t *testing.T) {
	t.Parallel()
	client := serve(t)
	all, err := client.DescribeStacks(t.Context(), nil)
	if err != nil || len(all.Stacks) != 2 || *all.Stacks[0].StackName != "new" {
		t.Fatalf("all stacks %+v, %v", all, err)
	}
	one, err := client.DescribeStacks(t.Context(), &sdk.DescribeStacksInput{StackName: all.Stacks[0].StackId})
	if err != nil || len(one.Stacks) != 1 {
		t.Fatalf("by id %+v, %v", one, err)
	}
	stack := one.Stacks[0]
	if stack.StackStatus != types.StackStatusCreateComplete || stack.CreationTime.Hour() != 12 {
		t.Errorf("stack %+v", stack)
	}
	if o := stack.Outputs[0]; *o.OutputKey != "Url" || *o.OutputValue != "http://x/?a&b" || *o.Description != "where" {
		t.Errorf("output %+v", o)
	}
	if p := stack.Parameters[0]; *p.ParameterKey != "P" || *p.ParameterValue != "<p>" {
		t.Errorf("parameter %+v", p)
	}
}

func TestDescribeStackResources(t *testing.T) {
	t.Parallel()
	client := serve(t)
	found, err := client.DescribeStackResources(t.Context(), &sdk.DescribeStackResourcesInput{StackName: awssdk.String("new")})
	if err != nil || len(found.StackResources) != 1 {
		t.Fatalf("resources %+v, %v", found, err)
	}
	if r := found.StackResources[0]; r.ResourceStatus != types.ResourceStatusCreateComplete || *r.StackName != "new" || *r.LogicalResourceId != "Q" || *r.PhysicalResourceId != "q-1" || *r.ResourceType != "AWS::SQS::Queue" {
		t.Errorf("resource %+v", r)
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	client := serve(t)
	_, stack := client.DescribeStacks(t.Context(), &sdk.DescribeStacksInput{StackName: awssdk.String("none")})
	_, resources := client.DescribeStackResources(t.Context(), &sdk.DescribeStackResourcesInput{StackName: awssdk.String("none")})
	_, resource := client.DescribeStackResources(t.Context(), &sdk.DescribeStackResourcesInput{
		StackName: awssdk.String("new"), LogicalResourceId: awssdk.String("Z"),
	})
	for _, test := range []struct {
		err     error
		message string
	}{
		{stack, "Stack with id none does not exist"},
		{resources, "Stack with id none does not exist"},
		{resource, "The parameter LogicalResourceId is not supported by the local AWS"},
	} {
		api, ok := errors.AsType[smithy.APIError](test.err)
		if !ok || api.ErrorCode() != "ValidationError" || api.ErrorMessage() != test.message {
			t.Errorf("error %v, want %q", test.err, test.message)
		}
	}
}
