package sqs_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// bury puts messages on orders and lets them die in the dead-letter queue.
func (c *cloud) bury(orders string, bodies ...string) {
	c.Helper()
	for _, body := range bodies {
		c.send(orders, body)
		c.one(orders)
		time.Sleep(30 * time.Second)
		c.receive(orders)
	}
}

func (c *cloud) move(change ...func(*sdk.StartMessageMoveTaskInput)) (string, error) {
	in := &sdk.StartMessageMoveTaskInput{SourceArn: awssdk.String(c.service.QueueARN("dead"))}
	for _, f := range change {
		f(in)
	}
	out, err := c.client.StartMessageMoveTask(c.Context(), in)
	if err != nil {
		return "", err
	}
	return *out.TaskHandle, nil
}

func rate(n int32) func(*sdk.StartMessageMoveTaskInput) {
	return func(in *sdk.StartMessageMoveTaskInput) { in.MaxNumberOfMessagesPerSecond = &n }
}

func (c *cloud) task() types.ListMessageMoveTasksResultEntry {
	c.Helper()
	out, err := c.client.ListMessageMoveTasks(c.Context(), &sdk.ListMessageMoveTasksInput{SourceArn: awssdk.String(c.service.QueueARN("dead"))})
	if err != nil || len(out.Results) != 1 {
		c.Fatalf("ListMessageMoveTasks = %v, %v; want one task", out, err)
	}
	return out.Results[0]
}

// wantTask checks "STATUS moved/to move".
func (c *cloud) wantTask(want string) {
	c.Helper()
	task := c.task()
	if got := fmt.Sprintf("%s %d/%d", *task.Status, task.ApproximateNumberOfMessagesMoved, *task.ApproximateNumberOfMessagesToMove); got != want {
		c.Errorf("task = %s, want %s", got, want)
	}
}

func TestMoveTaskMakesNewMessages(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		orders, dead := c.deadLetters("1")
		out, err := c.client.SendMessage(c.Context(), &sdk.SendMessageInput{
			QueueUrl: &orders, MessageBody: awssdk.String("a"), MessageAttributes: map[string]types.MessageAttributeValue{"k": stringAttribute("v")},
			MessageSystemAttributes: map[string]types.MessageSystemAttributeValue{"AWSTraceHeader": {DataType: awssdk.String("String"), StringValue: awssdk.String("Root=1")}},
		})
		if err != nil {
			c.Fatal(err)
		}
		c.one(orders)
		time.Sleep(time.Hour)
		c.receive(orders)
		started := time.Now()
		if _, err := c.move(); err != nil {
			c.Fatal(err)
		}
		synctest.Wait()
		c.wantCounts(dead, "0/0/0")
		got := c.one(orders)
		if *got.MessageId == *out.MessageId {
			c.Error("the message kept its id")
		}
		for name, want := range map[string]string{
			"ApproximateReceiveCount": "1", "SentTimestamp": milliseconds(started), "AWSTraceHeader": "Root=1", "DeadLetterQueueSourceArn": "",
		} {
			if got.Attributes[name] != want {
				c.Errorf("%s = %q, want %q", name, got.Attributes[name], want)
			}
		}
		if *got.Body != "a" || *got.MD5OfMessageAttributes != *out.MD5OfMessageAttributes {
			c.Error("body or attributes changed")
		}
	})
}

func TestMoveTaskKeepsItsRateAndOrder(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		orders, _ := c.deadLetters("1")
		c.bury(orders, "1", "2", "3", "4")
		handle, err := c.move(rate(1))
		if err != nil {
			c.Fatal(err)
		}
		start := time.Now()
		for _, want := range []string{"1", "2", "3", "4"} {
			got := c.receive(orders, func(in *sdk.ReceiveMessageInput) { in.WaitTimeSeconds = 20 })
			if len(got) != 1 || *got[0].Body != want {
				c.Fatalf("received %v, want %s", got, want)
			}
		}
		if took := time.Since(start); took != 3*time.Second {
			c.Errorf("4 messages at 1 per second took %v, want 3s", took)
		}
		task := c.task()
		if *task.TaskHandle != handle || *task.Status != "RUNNING" || *task.MaxNumberOfMessagesPerSecond != 1 || task.StartedTimestamp != start.UnixMilli() || task.DestinationArn != nil {
			c.Errorf("task = %+v", task)
		}
		time.Sleep(2 * time.Second)
		c.wantTask("COMPLETED 4/4")
		if task := c.task(); task.TaskHandle != nil || task.FailureReason != nil {
			c.Errorf("finished task = %+v, want no handle and no reason", task)
		}
	})
}

func TestMoveTaskIsFastWithoutARate(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		orders, dead := c.deadLetters("1")
		for range 1000 {
			c.send(orders, "x")
		}
		for range 100 {
			c.receive(orders)
		}
		time.Sleep(30 * time.Second)
		c.receive(orders)
		c.wantCounts(dead, "1000/0/0")
		if _, err := c.move(); err != nil {
			c.Fatal(err)
		}
		time.Sleep(time.Second + 10*time.Millisecond)
		c.wantTask("RUNNING 501/1000")
		time.Sleep(time.Second + 40*time.Millisecond)
		c.wantTask("COMPLETED 1000/1000")
		if task := c.task(); task.MaxNumberOfMessagesPerSecond != nil {
			c.Errorf("rate = %d, want none", *task.MaxNumberOfMessagesPerSecond)
		}
	})
}

func TestMoveTaskLeavesWhatIsHiddenAndWhatComesLater(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		orders, dead := c.deadLetters("1")
		c.bury(orders, "held", "free")
		held := c.receive(dead, func(in *sdk.ReceiveMessageInput) { in.MaxNumberOfMessages = 1; in.VisibilityTimeout = 600 })
		if *held[0].Body != "held" {
			c.Fatalf("held %s", *held[0].Body)
		}
		if _, err := c.move(rate(1)); err != nil {
			c.Fatal(err)
		}
		synctest.Wait()
		c.send(dead, "later")
		time.Sleep(5 * time.Second)
		c.wantTask("COMPLETED 1/1")
		c.wantCounts(dead, "1/1/0")
	})
}

func TestMoveTaskSkipsWhatWasPurged(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		orders, dead := c.deadLetters("1")
		c.bury(orders, "1", "2", "3")
		if _, err := c.move(rate(1)); err != nil {
			c.Fatal(err)
		}
		synctest.Wait()
		if _, err := c.client.PurgeQueue(c.Context(), &sdk.PurgeQueueInput{QueueUrl: &dead}); err != nil {
			c.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		c.wantTask("COMPLETED 1/3")
		c.wantCounts(orders, "1/0/0")
	})
}

func TestMoveTaskReturnsToWhatIsHiddenForATime(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		orders, dead := c.deadLetters("1")
		c.bury(orders, "1", "2", "3", "4")
		if _, err := c.move(rate(1)); err != nil {
			c.Fatal(err)
		}
		synctest.Wait()
		c.receive(dead, func(in *sdk.ReceiveMessageInput) { in.MaxNumberOfMessages = 1; in.VisibilityTimeout = 2 })
		time.Sleep(5 * time.Second)
		c.wantTask("COMPLETED 4/4")
		var moved []string
		for _, m := range c.receive(orders) {
			moved = append(moved, *m.Body)
		}
		if got := strings.Join(moved, " "); got != "1 3 2 4" {
			c.Errorf("moved in the order %s, want 1 3 2 4: what is leased is not taken", got)
		}
	})
}

func TestMoveTaskDestinations(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		first, dead := c.deadLetters("1")
		second := c.queue("second", "RedrivePolicy", `{"deadLetterTargetArn":"`+c.service.QueueARN("dead")+`","maxReceiveCount":1}`)
		other := c.queue("other")
		c.bury(first, "1")
		c.bury(second, "2")
		if _, err := c.move(); err != nil {
			c.Fatal(err)
		}
		time.Sleep(time.Second)
		c.wantCounts(first, "1/0/0")
		c.wantCounts(second, "1/0/0")
		c.send(dead, "sent to the dead-letter queue itself")
		if _, err := c.move(); err != nil {
			c.Fatal(err)
		}
		time.Sleep(time.Second)
		if task := c.task(); *task.Status != "FAILED" || *task.FailureReason != "CouldNotDetermineMessageSource" {
			c.Errorf("task without a source to go to = %+v", task)
		}
		if _, err := c.move(func(in *sdk.StartMessageMoveTaskInput) {
			in.DestinationArn = awssdk.String(c.service.QueueARN("other"))
		}); err != nil {
			c.Fatal(err)
		}
		time.Sleep(time.Second)
		c.wantCounts(other, "1/0/0")
		if task := c.task(); *task.DestinationArn != c.service.QueueARN("other") {
			c.Errorf("destination = %s", *task.DestinationArn)
		}
	})
}

func TestMoveTaskCancel(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		orders, dead := c.deadLetters("1")
		c.bury(orders, strings.Split("1 2 3 4 5 6 7 8 9 10", " ")...)
		handle, err := c.move(rate(1))
		if err != nil {
			c.Fatal(err)
		}
		time.Sleep(1500 * time.Millisecond)
		out, err := c.client.CancelMessageMoveTask(c.Context(), &sdk.CancelMessageMoveTaskInput{TaskHandle: &handle})
		if err != nil || out.ApproximateNumberOfMessagesMoved != 2 {
			c.Fatalf("CancelMessageMoveTask = %v, %v, want 2 moved", out, err)
		}
		time.Sleep(time.Second)
		c.wantTask("CANCELLING 3/10") // AWS goes on for a while, too
		if task := c.task(); task.TaskHandle != nil {
			c.Error("a handle is given out while cancelling")
		}
		_, err = c.client.CancelMessageMoveTask(c.Context(), &sdk.CancelMessageMoveTaskInput{TaskHandle: &handle})
		wantError(c.T, err, "400 InvalidParameterValue: Only active tasks can be cancelled.")
		_, err = c.move()
		wantError(c.T, err, "400 InvalidParameterValue: There is already a task running. Only one active task is allowed for a source queue arn at a given time.")
		time.Sleep(time.Minute)
		c.wantTask("CANCELLED 8/10") // as recorded on AWS, where 2 had moved at the cancel
		c.wantCounts(dead, "2/0/0")
		if _, err := c.move(); err != nil {
			c.Errorf("a new task after the cancelled one: %v", err)
		}
	})
}

func TestMoveTaskFailsWithoutItsDestination(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		orders, dead := c.deadLetters("1")
		other := c.queue("other")
		c.bury(orders, "1", "2", "3")
		_, err := c.move(rate(1), func(in *sdk.StartMessageMoveTaskInput) {
			in.DestinationArn = awssdk.String(c.service.QueueARN("other"))
		})
		if err != nil {
			c.Fatal(err)
		}
		synctest.Wait()
		if _, err := c.client.DeleteQueue(c.Context(), &sdk.DeleteQueueInput{QueueUrl: &other}); err != nil {
			c.Fatal(err)
		}
		time.Sleep(time.Minute)
		c.wantTask("FAILED 1/3")
		if reason := *c.task().FailureReason; reason != "AWS.SimpleQueueService.NonExistentQueue" {
			c.Errorf("reason = %s", reason)
		}
		c.wantCounts(dead, "2/0/0")
	})
}

func TestMoveTaskErrors(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	c.deadLetters("1")
	const noSource = "404 ResourceNotFoundException: The resource that you specified for the SourceArn parameter doesn't exist."
	source := func(name string) func(*sdk.StartMessageMoveTaskInput) {
		return func(in *sdk.StartMessageMoveTaskInput) { in.SourceArn = awssdk.String(c.service.QueueARN(name)) }
	}
	destination := func(name string) func(*sdk.StartMessageMoveTaskInput) {
		return func(in *sdk.StartMessageMoveTaskInput) { in.DestinationArn = awssdk.String(c.service.QueueARN(name)) }
	}
	for _, test := range []struct {
		change func(*sdk.StartMessageMoveTaskInput)
		want   string
	}{
		{source("nowhere"), noSource},
		{source("orders"), "400 InvalidParameterValue: Source queue must be configured as a Dead Letter Queue."},
		{destination("nowhere"), "404 ResourceNotFoundException: The resource that you specified for the DestinationArn parameter doesn't exist."},
		{destination("dead"), "400 InvalidParameterValue: Source queue arn and destination queue arn cannot be the same."},
		{rate(501), "400 InvalidParameterValue: Value 501 for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must be between 1 and 500, if provided."},
		{source(""), noSource},
	} {
		_, err := c.move(test.change)
		wantError(t, err, test.want)
	}
	handle := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	for text, want := range map[string]string{
		"garbage":                "400 InvalidParameterValue: Value for parameter TaskHandle is invalid.",
		handle(`{"taskId":"x"}`): "400 InvalidParameterValue: Value for parameter TaskHandle is invalid.",
		handle(`{"taskId":"x","sourceArn":"arn:aws:sqs:us-east-1:111111111111:nowhere"}`): noSource,
		handle(`{"taskId":"x","sourceArn":"arn:aws:sqs:us-east-1:111111111111:dead"}`):    "404 ResourceNotFoundException: Task does not exist.",
	} {
		_, err := c.client.CancelMessageMoveTask(t.Context(), &sdk.CancelMessageMoveTaskInput{TaskHandle: &text})
		wantError(t, err, want)
	}
	_, err := c.client.ListMessageMoveTasks(t.Context(), &sdk.ListMessageMoveTasksInput{SourceArn: awssdk.String(c.service.QueueARN("nowhere"))})
	wantError(t, err, noSource)
	if _, _, answer := c.raw("ListMessageMoveTasks", `{"SourceArn":"`+c.service.QueueARN("dead")+`"}`); answer != `{"Results":[]}` {
		t.Errorf("no tasks: %s", answer)
	}
}

func TestListMessageMoveTasksIsNewestFirst(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		c.deadLetters("1")
		var starts []int64
		for range 12 {
			starts = append(starts, time.Now().UnixMilli())
			if _, err := c.move(); err != nil {
				c.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		out, err := c.client.ListMessageMoveTasks(c.Context(), &sdk.ListMessageMoveTasksInput{SourceArn: awssdk.String(c.service.QueueARN("dead")), MaxResults: awssdk.Int32(10)})
		if err != nil || len(out.Results) != 10 {
			c.Fatalf("ListMessageMoveTasks = %v, %v; want 10 tasks", out, err)
		}
		if out.Results[0].StartedTimestamp != starts[11] || out.Results[9].StartedTimestamp != starts[2] {
			c.Errorf("first and last started at %d and %d, want %d and %d", out.Results[0].StartedTimestamp, out.Results[9].StartedTimestamp, starts[11], starts[2])
		}
	})
}

func TestCloseStopsMoveTasks(t *testing.T) {
	t.Parallel()
	inBubble(t, func(c *cloud) {
		orders, dead := c.deadLetters("1")
		c.bury(orders, "1", "2", "3")
		if _, err := c.move(rate(1)); err != nil {
			c.Fatal(err)
		}
		synctest.Wait()
		c.service.Close()
		time.Sleep(time.Minute)
		c.wantCounts(dead, "2/0/0")
		_, err := c.move()
		wantError(c.T, err, "503 ServiceUnavailable: The local AWS is shutting down.")
	})
}
