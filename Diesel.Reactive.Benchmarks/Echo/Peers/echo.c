/* The yardstick in C: one thread, epoll, level-triggered; echoes complete lines. A client that does not read is not
 * read either. Says where it listens and ends when its standard input closes. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 64 * 1024, EVENTS = 256, BACKLOG = 4096 };

struct client {
    int socket;
    size_t held;    /* bytes in hold: the begin of a line, or lines the kernel has not taken */
    int writing;    /* which of the two */
    char *hold;
};

static char buffer[2 * ROOM];

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void watch(int epoll, int operation, int socket, unsigned events, void *data)
{
    struct epoll_event event = { .events = events, .data = { .ptr = data } };
    if (epoll_ctl(epoll, operation, socket, &event) < 0 && errno != EPERM)
        fail("epoll_ctl");
}

static void drop(struct client *client)
{
    close(client->socket);
    free(client->hold);
    free(client);
}

static int hold(struct client *client, const char *bytes, size_t length)
{
    client->held = length;
    if (length == 0)
        return 1;
    if (client->hold == NULL && (client->hold = malloc(2 * ROOM)) == NULL)
        return 0;
    memmove(client->hold, bytes, length);
    return 1;
}

static int output(int epoll, struct client *client, const char *lines, size_t length, size_t rest)
{
    ssize_t sent = length == 0 ? 0 : send(client->socket, lines, length, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN)
        return 0;
    if (sent < 0)
        sent = 0;
    int writing = (size_t)sent < length;
    if (writing != client->writing)
        watch(epoll, EPOLL_CTL_MOD, client->socket, writing ? EPOLLOUT : EPOLLIN, client);
    client->writing = writing;
    return hold(client, lines + sent, length - sent + rest);
}

static int input(int epoll, struct client *client)
{
    size_t begun = client->held;
    if (begun >= ROOM)
        return 0;
    if (begun > 0)
        memcpy(buffer, client->hold, begun);
    ssize_t received = recv(client->socket, buffer + begun, ROOM, MSG_DONTWAIT);
    if (received <= 0)
        return received < 0 && errno == EAGAIN;
    size_t length = begun + received;
    char *end = memrchr(buffer + begun, '\n', received);
    size_t lines = end == NULL ? 0 : (size_t)(end - buffer) + 1;
    return output(epoll, client, buffer, lines, length - lines);
}

static int resume(int epoll, struct client *client)
{
    memcpy(buffer, client->hold, client->held);
    char *end = memrchr(buffer, '\n', client->held);
    size_t lines = (size_t)(end - buffer) + 1;
    return output(epoll, client, buffer, lines, client->held - lines);
}

static void admit(int epoll, int listener)
{
    int on = 1, socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0)
        return;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct client *client = calloc(1, sizeof *client);
    client->socket = socket;
    watch(epoll, EPOLL_CTL_ADD, socket, EPOLLIN, client);
}

int main(int count, char **arguments)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t length = sizeof address;
    int on = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), epoll = epoll_create1(0);
    address.sin_port = htons(count > 1 ? atoi(arguments[1]) : 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, length) < 0 || listen(listener, BACKLOG) < 0)
        fail("listen");
    getsockname(listener, (struct sockaddr *)&address, &length);
    printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);

    static int is_listener, is_stdin;
    watch(epoll, EPOLL_CTL_ADD, listener, EPOLLIN, &is_listener);
    watch(epoll, EPOLL_CTL_ADD, STDIN_FILENO, EPOLLIN, &is_stdin);
    for (;;) {
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            void *data = events[i].data.ptr;
            if (data == &is_listener)
                admit(epoll, listener);
            else if (data == &is_stdin) {
                if (read(STDIN_FILENO, buffer, sizeof buffer) <= 0)
                    return 0;
            } else {
                struct client *client = data;
                if (!(client->writing ? resume(epoll, client) : input(epoll, client)))
                    drop(client);
            }
        }
    }
}
