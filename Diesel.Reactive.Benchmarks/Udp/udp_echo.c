/* The yardstick in C: one thread, blocking; takes what is there with recvmmsg, at least one, and sends it back with sendmmsg. Says where it listens and
 * ends when its standard input closes. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 64, ROOM = 2048 };

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void echo(int socket)
{
    static char payloads[MOST][ROOM];
    static struct sockaddr_in senders[MOST];
    static struct iovec vectors[MOST];
    static struct mmsghdr messages[MOST];
    for (int i = 0; i < MOST; i++) {
        vectors[i] = (struct iovec){ .iov_base = payloads[i], .iov_len = ROOM };
        messages[i].msg_hdr = (struct msghdr){
            .msg_name = &senders[i], .msg_namelen = sizeof senders[i], .msg_iov = &vectors[i], .msg_iovlen = 1 };
    }
    int count = recvmmsg(socket, messages, MOST, MSG_WAITFORONE, NULL);
    for (int i = 0; i < count; i++)
        vectors[i].iov_len = messages[i].msg_len;
    for (int sent = 0; sent < count;) {
        int more = sendmmsg(socket, messages + sent, count - sent, MSG_NOSIGNAL);
        sent += more > 0 ? more : 1;
    }
}

static void *await_end(void *nothing)
{
    char line[64];
    while (read(STDIN_FILENO, line, sizeof line) > 0)
        ;
    exit(0);
    return nothing;
}

int main(int count, char **arguments)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t length = sizeof address;
    int udp = socket(AF_INET, SOCK_DGRAM, 0);
    address.sin_port = htons(count > 1 ? atoi(arguments[1]) : 0);
    if (udp < 0 || bind(udp, (struct sockaddr *)&address, length) < 0)
        fail("bind");
    getsockname(udp, (struct sockaddr *)&address, &length);
    printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);

    pthread_t waiting;
    if (pthread_create(&waiting, NULL, await_end, NULL) != 0)
        fail("pthread_create");
    for (;;)
        echo(udp);
}
